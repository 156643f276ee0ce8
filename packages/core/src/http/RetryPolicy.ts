import { Duration, Effect, Random, Result, Schedule } from "effect"
import type { ApiError } from "../errors.ts"
import { deadlineIn, monotonicMillis } from "../monotonic.ts"
import { longestPauseMs } from "./RequestBudget.ts"

/**
 * Whether repeating a harmless call can help: a network failure, 408, 5xx, a body that arrived broken, or a 429 that
 * does not ask for more patience than `longestPauseMs`.
 */
const isWorthRepeating = (error: ApiError): boolean =>
  error.reason._tag === "RateLimited" ? (error.reason.retryAfterMs ?? 0) <= longestPauseMs : error.isRetryable

/** How long Scenario asks to wait, in milliseconds; 0 where it does not say. */
export const retryAfterOf = (error: ApiError): number =>
  error.reason._tag === "RateLimited" ? (error.reason.retryAfterMs ?? 0) : 0

/**
 * For reads: five more attempts within three minutes, half a second apart at first, doubled up to 20 seconds,
 * jittered by a fifth. Retry-After wins.
 */
const readSchedule = Schedule.min([
  Schedule.exponential("500 millis", 2),
  Schedule.spaced("20 seconds"),
]).pipe(
  Schedule.setInputType<ApiError>(),
  Schedule.jittered,
  Schedule.modifyDelay(({ duration, input }) =>
    Effect.succeed(Duration.max(duration, Duration.millis(retryAfterOf(input)))),
  ),
  Schedule.upTo({ times: 5, duration: "3 minutes" }),
)

/** Retries what is worth it, and allowed by `mayRetry` (default: everything is). */
export const retryRead = <A, R>(
  call: Effect.Effect<A, ApiError, R>,
  mayRetry: (error: ApiError) => boolean = () => true,
): Effect.Effect<A, ApiError, R> =>
  Effect.retry(call, { schedule: readSchedule, while: (error) => isWorthRepeating(error) && mayRetry(error) })

/** For calls that must not be sent twice. */
const defaultQueueTimeout = "1 minute"

/**
 * Repeats a call only if it was certainly not accepted: refused for now by a 429, or never sent. It waits in line for a
 * minute, a second at first, up to 10 seconds between two attempts. Retry-After wins.
 */
export const retryUntilTaken = Effect.fnUntraced(function* <A, R>(call: Effect.Effect<A, ApiError, R>) {
  const end = yield* deadlineIn(defaultQueueTimeout)
  for (const delays = queueDelays(); ;) {
    const sent = yield* Effect.result(call)
    if (Result.isSuccess(sent)) return sent.success
    const wait = yield* delays.next(sent.failure)
    if (!isTakenLater(sent.failure) || (yield* monotonicMillis) + wait > end)
      return yield* Effect.fail(sent.failure)
    yield* Effect.sleep(wait)
  }
})

/** Not accepted now, but the same request may be in a while. */
export const isTakenLater = ({ reason }: ApiError): boolean =>
  reason._tag === "RateLimited" ||
  (reason._tag === "Unreachable" && reason.neverSent && reason.isPermanent !== true)

/** How long to wait in line after each refusal, in milliseconds. */
export const queueDelays = () => {
  let delay = 1_000
  return {
    next: (refusal: ApiError): Effect.Effect<number> =>
      Effect.map(Random.next, (random) => {
        const wait = Math.max(delay * (0.8 + 0.4 * random), retryAfterOf(refusal))
        delay = Math.min(delay * 1.7, 10_000)
        return wait
      }),
  }
}
