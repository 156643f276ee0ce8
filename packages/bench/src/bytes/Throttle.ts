interface ThrottleOptions {
  readonly bytesPerSecond: number
  /** Milliseconds. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** A timer is late by a millisecond or two; so much of what the link could have carried meanwhile is made up for. */
const mostArrearsMs = 10

/** A link of a certain width, shared by all who send over it, each in turn. */
export class Throttle {
  readonly #options: ThrottleOptions
  #freeAtMs = Number.NEGATIVE_INFINITY

  constructor(options: ThrottleOptions) {
    this.#options = options
  }

  /** Resolves when so many bytes have gone over the link. */
  async pass(bytes: number): Promise<void> {
    const { bytesPerSecond, now, sleep } = this.#options
    const at = now()
    this.#freeAtMs = Math.max(this.#freeAtMs, at - mostArrearsMs) + (1_000 * bytes) / bytesPerSecond
    if (this.#freeAtMs > at) await sleep(this.#freeAtMs - at)
  }
}
