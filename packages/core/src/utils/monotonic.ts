import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/**
 * Milliseconds on a clock that can't be set, for durations and deadlines. Dates, such as a job's creation, are on Scenario's
 * clock: `ScenarioHttp.serverTime`.
 */
export const monotonicMillis: Effect.Effect<number> = Effect.map(
  Clock.monotonicTimeNanos,
  (nanos) => Number(nanos) / 1e6,
)

/** Monotonic milliseconds; `Infinity` if there is no limit. */
export type Deadline = number

export const deadlineIn = (duration: Duration.Input): Effect.Effect<Deadline> =>
  Effect.map(monotonicMillis, (now) => now + Duration.toMillis(Duration.fromInputUnsafe(duration)))

export const millisUntil = (deadline: Deadline): Effect.Effect<number> =>
  Effect.map(monotonicMillis, (now) => Math.max(0, deadline - now))

/** Fails with this error if the effect isn't done at the deadline. */
export const endAt = <A, E, R, Late>(
  effect: Effect.Effect<A, E, R>,
  deadline: Deadline,
  toError: () => Late,
): Effect.Effect<A, E | Late, R> =>
  deadline === Infinity
    ? effect
    : Effect.flatMap(millisUntil(deadline), (duration) =>
        Effect.timeoutOrElse(effect, { duration, orElse: () => Effect.fail(toError()) }),
      )
