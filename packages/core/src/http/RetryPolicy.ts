import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { ApiError } from "../errors.ts"
import { deadlineIn, monotonicMillis } from "../monotonic.ts"
import { type Backoff, getJitteredMs } from "./backoff.ts"
import { maxPauseMs } from "./RequestBudget.ts"

/**
 * Whether repeating a harmless call can help: a network failure, 408, 5xx, a body that arrived broken, or a 429 that
 * does not ask for more patience than `maxPauseMs`.
 */
const isWorthRepeating = (error: ApiError): boolean =>
  error.reason._tag === "RateLimited" ? (error.reason.retryAfterMs ?? 0) <= maxPauseMs : error.isRetryable

/** How long Scenario asks to wait, in milliseconds; 0 where it does not say. */
export const getRetryAfter = (error: ApiError): number =>
  error.reason._tag === "RateLimited" ? (error.reason.retryAfterMs ?? 0) : 0

/** For reads: five more attempts within three minutes. */
const readBackoff: Backoff = { firstMs: 500, maxMs: 20_000 }
const maxReadRetries = 5
const maxReadTime = "3 minutes"

/** For calls that must not be sent twice. */
const queueBackoff: Backoff = { firstMs: 1_000, maxMs: 10_000, factor: 1.7 }
const maxQueueTime = "1 minute"

/** How long to wait before the next attempt, in milliseconds. Retry-After wins. */
const getWaitMs = (backoff: Backoff, failures: number, error: ApiError): Effect.Effect<number> =>
  Effect.map(getJitteredMs(backoff, failures), (delay) => Math.max(delay, getRetryAfter(error)))

/** The same for a submit that was refused for now, and waits in line. */
export const getQueueWaitMs = (refusals: number, error: ApiError): Effect.Effect<number> =>
  getWaitMs(queueBackoff, refusals, error)

/** Retries what is worth it, and allowed by `mayRetry` (default: everything is). */
export const retryRead = Effect.fnUntraced(function* <A, R>(
  call: Effect.Effect<A, ApiError, R>,
  mayRetry: (error: ApiError) => boolean = () => true,
) {
  const end = yield* deadlineIn(maxReadTime)
  for (let failures = 1; ; failures++) {
    const read = yield* Effect.result(call)
    if (Result.isSuccess(read)) return read.success
    const isOver = failures > maxReadRetries || (yield* monotonicMillis) > end
    if (isOver || !isWorthRepeating(read.failure) || !mayRetry(read.failure)) return yield* read.failure
    yield* Effect.sleep(yield* getWaitMs(readBackoff, failures, read.failure))
  }
})

/**
 * Repeats a call only if it was certainly not accepted: refused for now by a 429, or never sent. It waits in line for a
 * minute at most.
 */
export const retryUntilTaken = Effect.fnUntraced(function* <A, R>(call: Effect.Effect<A, ApiError, R>) {
  const end = yield* deadlineIn(maxQueueTime)
  for (let failures = 1; ; failures++) {
    const sent = yield* Effect.result(call)
    if (Result.isSuccess(sent)) return sent.success
    const wait = yield* getQueueWaitMs(failures, sent.failure)
    if (!isTakenLater(sent.failure) || (yield* monotonicMillis) + wait > end) return yield* sent.failure
    yield* Effect.sleep(wait)
  }
})

/** Not accepted now, but the same request may be in a while. */
export const isTakenLater = ({ reason }: ApiError): boolean =>
  reason._tag === "RateLimited" ||
  (reason._tag === "Unreachable" && reason.neverSent && reason.isPermanent !== true)
