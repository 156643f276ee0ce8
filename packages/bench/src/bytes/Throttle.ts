interface ThrottleOptions {
  readonly bytesPerSecond: number
  /** Milliseconds. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** Timers fire a millisecond or two late: at most this much lost time is made up for. */
const maxCatchUpMs = 10

/** A link of limited speed. Senders take turns. */
export class Throttle {
  readonly #options: ThrottleOptions
  #freeAtMs = Number.NEGATIVE_INFINITY

  constructor(options: ThrottleOptions) {
    this.#options = options
  }

  /** Resolves when the link has carried this many bytes. */
  async pass(bytes: number): Promise<void> {
    const { bytesPerSecond, now, sleep } = this.#options
    const at = now()
    this.#freeAtMs = Math.max(this.#freeAtMs, at - maxCatchUpMs) + (1_000 * bytes) / bytesPerSecond
    if (this.#freeAtMs > at) await sleep(this.#freeAtMs - at)
  }
}
