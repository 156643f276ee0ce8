import { Clock, Duration, Effect } from "effect"

/**
 * Milliseconds on a clock that nobody sets: for durations and deadlines. Dates (a job's age, the window of a search)
 * are Scenario's, see `ScenarioHttp.serverTime`.
 */
export const monotonicMillis: Effect.Effect<number> = Effect.map(
  Clock.monotonicTimeNanos,
  (nanos) => Number(nanos) / 1e6,
)

/** A point in monotonic time by which something must be over, in milliseconds; `Infinity` if there is no limit. */
export type Deadline = number

/** The deadline that lies this far ahead. */
export const deadlineIn = (duration: Duration.Input): Effect.Effect<Deadline> =>
  Effect.map(monotonicMillis, (now) => now + Duration.toMillis(Duration.fromInputUnsafe(duration)))
