import { type Clock, Effect } from "effect"

/** A clock that a test can set, while the timers of the machine run on as they do. */
export class SettableClock {
  #offset = 0

  setBy(ms: number): void {
    this.#offset += ms
  }

  readonly over = (moved: Clock.Clock): Clock.Clock => ({
    currentTimeNanosUnsafe: () => moved.currentTimeNanosUnsafe(),
    currentTimeNanos: moved.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => moved.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: moved.monotonicTimeNanos,
    currentTimeMillisUnsafe: () => moved.currentTimeMillisUnsafe() + this.#offset,
    currentTimeMillis: Effect.map(moved.currentTimeMillis, (now) => now + this.#offset),
    sleep: (duration) => moved.sleep(duration),
  })
}
