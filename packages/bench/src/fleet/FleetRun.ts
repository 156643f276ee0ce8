/** How a fleet of waits went. */
export interface FleetRun {
  readonly requests: number
  readonly refused: number
  /** The most requests let through in any 60 seconds. */
  readonly busiestMinute: number
  /** From the end of each job until its asset was in hand. */
  readonly delaysMs: ReadonlyArray<number>
  /** Until the last asset was in hand. */
  readonly drainMs: number
}
