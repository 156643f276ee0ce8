import { type Clock, Effect } from "effect"

/** A clock that a test can set, on a machine that can sleep. Timers run on as they do: they are late after a sleep. */
export class SettableClock {
  #offset = 0
  #slept = 0n

  /** Sets the date. */
  setBy(ms: number): void {
    this.#offset += ms
  }

  /** The machine sleeps, and its monotonic clock counts that. */
  sleepFor(ms: number): void {
    this.#offset += ms
    this.#slept += BigInt(ms) * 1_000_000n
  }

  readonly over = (moved: Clock.Clock): Clock.Clock => ({
    currentTimeNanosUnsafe: () => moved.currentTimeNanosUnsafe(),
    currentTimeNanos: moved.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => moved.monotonicTimeNanosUnsafe() + this.#slept,
    monotonicTimeNanos: Effect.map(moved.monotonicTimeNanos, (now) => now + this.#slept),
    currentTimeMillisUnsafe: () => moved.currentTimeMillisUnsafe() + this.#offset,
    currentTimeMillis: Effect.map(moved.currentTimeMillis, (now) => now + this.#offset),
    sleep: (duration) => moved.sleep(duration),
  })
}
