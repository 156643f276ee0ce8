/** The result of a fleet of waits. */
export interface FleetRun {
  readonly requests: number
  readonly refused: number
  /** The most requests let through in any 60 seconds. */
  readonly busiestMinute: number
  /** From the end of each job until its asset was available. */
  readonly delaysMs: ReadonlyArray<number>
  /** Until the last asset was available. */
  readonly drainMs: number
}
