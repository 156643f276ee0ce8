import { type Clock, Effect } from "effect"

/** A clock that a test can set, on a machine that can sleep. Timers don't notice either, so they are late after a sleep. */
export class SettableClock {
  #offsetMs: number
  #sleptNanos = 0n

  constructor(offsetMs = 0) {
    this.#offsetMs = offsetMs
  }

  /** Changes the date by this much. */
  setBy(ms: number): void {
    this.#offsetMs += ms
  }

  /** Puts the machine to sleep. Its monotonic clock continues. */
  sleepFor(ms: number): void {
    this.#offsetMs += ms
    this.#sleptNanos += BigInt(ms) * 1_000_000n
  }

  readonly over = (clock: Clock.Clock): Clock.Clock => ({
    currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
    currentTimeNanos: clock.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe() + this.#sleptNanos,
    monotonicTimeNanos: Effect.map(clock.monotonicTimeNanos, (now) => now + this.#sleptNanos),
    currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + this.#offsetMs,
    currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + this.#offsetMs),
    sleep: (duration) => clock.sleep(duration),
  })
}
