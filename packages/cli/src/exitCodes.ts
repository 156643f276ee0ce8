/** What the process tells a script when it ends. The README lists them. */
export const exitCodes = {
  done: 0,
  /** The job failed, was canceled, is gone or gave nothing; or it could not be canceled. */
  jobEnded: 1,
  /** Wrong usage or input: nothing was spent. */
  badInput: 2,
  /** Credentials, plan or permission. */
  notAllowed: 3,
  /** Time is up; the job goes on. */
  timedOut: 4,
  /** Scenario, assets or files are unavailable. */
  unavailable: 5,
  /** It is uncertain whether the generation was accepted. */
  uncertain: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The most severe first: what most needs a decision. */
const bySeverity: ReadonlyArray<ExitCode> = [130, 6, 3, 5, 4, 1, 2]

/** With several endings, the most severe code wins. */
export const worstExitCode = (codes: ReadonlyArray<ExitCode>): ExitCode =>
  bySeverity.find((code) => codes.includes(code)) ?? exitCodes.done
