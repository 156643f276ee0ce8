interface PendingSleep {
  readonly dueAt: number
  readonly wake: () => void
}

/** The start of stepped time. It is fixed, so that each run is the same. */
const steppedEpochMs = Date.parse("2026-11-02T09:00:00.000Z")

/** Simulated time in epoch milliseconds. It runs `speed` times as fast as real time, or moves only by `advance`. */
export class SimulatedClock {
  readonly kind: "real" | "stepped"
  readonly #speed: number
  readonly #realStart = performance.now()
  readonly #start: number
  #stepped = 0
  readonly #pending = new Set<PendingSleep>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(kind: "real" | "stepped", speed: number) {
    this.kind = kind
    this.#speed = speed
    this.#start = kind === "real" ? Date.now() : steppedEpochMs
  }

  now(): number {
    if (this.kind === "stepped") return this.#start + this.#stepped
    return Math.round(this.#start + (performance.now() - this.#realStart) * this.#speed)
  }

  iso(): string {
    return new Date(this.now()).toISOString()
  }

  /** Moves stepped time forward, and ends the pending sleeps in order. */
  async advance(ms: number): Promise<void> {
    if (this.kind !== "stepped")
      throw new Error('advance() needs clock: "stepped"; this clock runs by itself')
    if (!Number.isFinite(ms) || ms < 0)
      throw new Error(`advance() takes milliseconds of 0 or more, not ${ms}`)
    const target = this.#stepped + ms
    for (;;) {
      const next = [...this.#pending].toSorted((a, b) => a.dueAt - b.dueAt)[0]
      if (next === undefined || next.dueAt > this.#start + target) break
      this.#stepped = Math.max(this.#stepped, next.dueAt - this.#start)
      this.#pending.delete(next)
      next.wake()
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#stepped = target
  }

  /** Resolves when `ms` of simulated time have passed. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.kind === "stepped") {
        this.#pending.add({ dueAt: this.now() + ms, wake: resolve })
        return
      }
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        resolve()
      }, ms / this.#speed)
      this.#timers.add(timer)
    })
  }

  /** Removes all pending sleeps, so that their responses are never sent. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#pending.clear()
  }
}
