import { ApiError } from "@scenario-automation/core"
import { Effect } from "effect"

/** Zapier ends a step after 30 seconds. */
const stepLimitMs = 25_000

/** The budget of a whole step: it starts with `perform`. */
export interface StepBudget {
  readonly leftMs: () => number
}

export const startStepBudget = (limitMs = stepLimitMs): StepBudget => {
  const endsAt = performance.now() + limitMs
  return { leftMs: () => Math.max(0, endsAt - performance.now()) }
}

/** Fails `reserveMs` before the step's time is up. Not for a paid submit, whose result would be lost. */
export const withinStep =
  (budget: StepBudget, reserveMs = 0) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | ApiError, R> =>
    Effect.suspend(() =>
      Effect.timeoutOrElse(effect, {
        duration: Math.max(0, budget.leftMs() - reserveMs),
        orElse: () => Effect.fail(tooSlow),
      }),
    )

export const tooSlow = new ApiError({
  reason: {
    _tag: "Unreachable",
    detail: "it didn't answer within the time that Zapier gives a step",
    neverSent: false,
  },
  request: "step",
})
