import { ApiError } from "@scenario-automation/core"
import { Effect } from "effect"

/** Zapier ends a step after 30 seconds; a step of ours is over by then, with room to answer. */
const stepLimitMs = 25_000

/** The one clock of a step: it starts with `perform`, and everything in it counts. */
export interface StepClock {
  /** Milliseconds that are left, never less than 0. */
  readonly leftMs: () => number
}

export const startStepClock = (limitMs = stepLimitMs): StepClock => {
  const endsAt = performance.now() + limitMs
  return { leftMs: () => Math.max(0, endsAt - performance.now()) }
}

/** Ends what hangs when the step's time is up, `reserveMs` early. Only for what isn't paid: nothing is lost with it. */
export const withinStep =
  (clock: StepClock, reserveMs = 0) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | ApiError, R> =>
    Effect.suspend(() =>
      Effect.timeoutOrElse(effect, {
        duration: Math.max(0, clock.leftMs() - reserveMs),
        orElse: () => Effect.fail(tooSlow),
      }),
    )

/** The error of what wasn't done in time. */
export const tooSlow = new ApiError({
  reason: {
    _tag: "Unreachable",
    detail: "it did not answer within the time that Zapier gives a step",
    neverSent: false,
  },
  request: "step",
})
