/** The exit codes for scripts, as listed in the README. */
export const exitCodes = {
  done: 0,
  /** The job failed, was canceled, no longer exists, or has no result; or it could not be canceled. */
  jobEnded: 1,
  /** Wrong usage or input. Nothing was spent. */
  badInput: 2,
  /** Credentials, plan or permission. */
  notAllowed: 3,
  /** The timeout passed; the job keeps running. */
  timedOut: 4,
  /** Scenario, assets, or files are unavailable. */
  unavailable: 5,
  /** It is uncertain whether the generation was accepted. */
  uncertain: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The most severe first. */
const bySeverity: ReadonlyArray<ExitCode> = [130, 6, 3, 5, 4, 1, 2]

export const worstExitCode = (codes: ReadonlyArray<ExitCode>): ExitCode =>
  bySeverity.find((code) => codes.includes(code)) ?? exitCodes.done
