/** What the process says to a script when it ends. The README lists them. */
export const exitCodes = {
  done: 0,
  /** The job failed, was canceled, could not be canceled, or gave nothing. */
  jobEnded: 1,
  /** Wrong usage or input: nothing was spent. */
  badInput: 2,
  /** Credentials, plan or permission. */
  notAllowed: 3,
  /** Time is up; the job goes on. */
  timeUp: 4,
  /** Scenario, assets or files that cannot be had. */
  unavailable: 5,
  /** Nobody knows whether the generation was accepted. */
  uncertain: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Of several endings the one that most needs somebody's eye. */
const gravest: ReadonlyArray<ExitCode> = [130, 6, 3, 5, 4, 1, 2]

export const gravestOf = (codes: ReadonlyArray<ExitCode>): ExitCode =>
  gravest.find((code) => codes.includes(code)) ?? exitCodes.done
