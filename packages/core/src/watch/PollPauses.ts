import { getBackoffMs } from "../http/backoff.ts"
import { pollFrequency } from "./pollFrequency.ts"

/** Times in which nothing is polled, no matter what is due: an outage, and the even pace of a large fleet. */
export class PollPauses {
  readonly #requestsPerMinute: number
  #failures = 0
  #outageEndsAt = 0
  #paceEndsAt = 0

  constructor(requestsPerMinute: number) {
    this.#requestsPerMinute = requestsPerMinute
  }

  /** By when polls may be sent again, monotonic milliseconds. */
  get until(): number {
    return Math.max(this.#outageEndsAt, this.#paceEndsAt)
  }

  /** A poll was sent while there were this many waits. */
  onPoll(waits: number, now: number): void {
    const isPaced = waits > pollFrequency.decision.maxBurst * this.#requestsPerMinute
    this.#paceEndsAt = isPaced ? now + 60_000 / this.#requestsPerMinute : 0
  }

  /** A poll succeeded, or failed; `isOutage` if the failure is temporary. */
  onResult(isOutage: boolean, now: number): void {
    this.#failures = isOutage ? this.#failures + 1 : 0
    const beyond = this.#failures - pollFrequency.failure.outage
    if (beyond > 0) this.#outageEndsAt = now + getBackoffMs(pollFrequency.failure.pause, beyond)
  }

  end(): void {
    this.#outageEndsAt = 0
    this.#paceEndsAt = 0
  }
}
