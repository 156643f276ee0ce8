/** A wake-up that comes this much too late means that the machine has slept. Milliseconds. */
const minSleepMs = 5_000

/** Notices that the machine has slept, by wake-ups that come much too late. Times are monotonic milliseconds. */
export class SleepDetector {
  #expectedBy = Infinity
  #wokenAt = 0

  /** When the machine last woke up: what was read before may be outdated. */
  get wokenAt(): number {
    return this.#wokenAt
  }

  /** By when the next `check` should come. */
  expect(by: number): void {
    this.#expectedBy = by
  }

  /** Whether the machine has slept since the last call of `expect`. */
  check(now: number): boolean {
    if (now - this.#expectedBy < minSleepMs) return false
    this.#wokenAt = now
    return true
  }
}
