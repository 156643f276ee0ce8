import { Effect, Schedule } from "effect"
import type { SqlError } from "effect/sql"

const pauses = Schedule.min([Schedule.exponential("200 millis"), Schedule.spaced("5 seconds")])

/** Repeats a database operation until the database is available again. */
export const untilStored = <A, R>(
  effect: Effect.Effect<A, SqlError.SqlError, R>,
): Effect.Effect<A, never, R> =>
  effect.pipe(
    Effect.tapError((error) => Effect.logWarning("The database is unavailable; trying again", error.message)),
    Effect.retry(pauses),
    Effect.orDie,
  )
