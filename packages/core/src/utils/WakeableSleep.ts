import * as Effect from "effect/Effect"

/** A sleep that another fiber can end. A wake while nothing sleeps ends the next sleep at once. */
export class WakeableSleep {
  #wake: (() => void) | undefined
  #isWoken = false

  sleep(ms: number): Effect.Effect<void> {
    const woken = Effect.callback<void>((resume) => {
      if (this.#isWoken) resume(Effect.void)
      else this.#wake = () => resume(Effect.void)
    })
    return Effect.raceFirst(woken, ms === Infinity ? Effect.never : Effect.sleep(Math.max(0, ms))).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          this.#wake = undefined
          this.#isWoken = false
        }),
      ),
    )
  }

  wake(): void {
    this.#isWoken = true
    this.#wake?.()
  }
}
