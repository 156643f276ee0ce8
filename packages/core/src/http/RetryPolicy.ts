import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { ApiError } from "../errors.ts"
import { deadlineIn, monotonicMillis } from "../utils/monotonic.ts"
import {
  type Backoff,
  getJitteredMs,
  maxQueueTime,
  maxReadRetries,
  maxReadTime,
  queueBackoff,
  readBackoff,
} from "./backoff.ts"
import { maxPauseMs } from "./RequestBudget.ts"

/** Retries a read, unless the error is permanent or `mayRetry` rejects it. */
export const retryRead = Effect.fnUntraced(function* <A, R>(
  call: Effect.Effect<A, ApiError, R>,
  mayRetry: (error: ApiError) => boolean = () => true,
) {
  const end = yield* deadlineIn(maxReadTime)
  for (let failures = 1; ; failures++) {
    const read = yield* Effect.result(call)
    if (Result.isSuccess(read)) return read.success
    const isOver = failures > maxReadRetries || (yield* monotonicMillis) > end
    if (isOver || !canRetryRead(read.failure) || !mayRetry(read.failure)) return yield* read.failure
    yield* Effect.sleep(yield* getWaitMs(readBackoff, failures, read.failure))
  }
})

/** Retries a call only after it was definitely not accepted: a 429, or never sent. Gives up after a minute. */
export const retryUntilAccepted = Effect.fnUntraced(function* <A, R>(call: Effect.Effect<A, ApiError, R>) {
  const end = yield* deadlineIn(maxQueueTime)
  for (let failures = 1; ; failures++) {
    const sent = yield* Effect.result(call)
    if (Result.isSuccess(sent)) return sent.success
    const wait = yield* getQueueWaitMs(failures, sent.failure)
    if (!canBeAcceptedLater(sent.failure) || (yield* monotonicMillis) + wait > end) return yield* sent.failure
    yield* Effect.sleep(wait)
  }
})

/** Whether the request was not accepted, but the same request may be accepted later. */
export const canBeAcceptedLater = ({ reason }: ApiError): boolean =>
  reason._tag === "RateLimited" ||
  (reason._tag === "Unreachable" && reason.neverSent && reason.isPermanent !== true)

/** How long to wait before a request that wasn't accepted is sent again. Milliseconds. */
export const getQueueWaitMs = (refusals: number, error: ApiError): Effect.Effect<number> =>
  getWaitMs(queueBackoff, refusals, error)

/** How long Scenario asks to wait, in milliseconds; 0 if it doesn't say. */
export const getRetryAfter = (error: ApiError): number =>
  error.reason._tag === "RateLimited" ? (error.reason.retryAfterMs ?? 0) : 0

/** A longer Retry-After wins over the backoff. */
const getWaitMs = (backoff: Backoff, failures: number, error: ApiError): Effect.Effect<number> =>
  Effect.map(getJitteredMs(backoff, failures), (delay) => Math.max(delay, getRetryAfter(error)))

/** Network failures, 408, 5xx, unreadable bodies, and a 429 that asks for at most `maxPauseMs`. */
const canRetryRead = (error: ApiError): boolean =>
  error.reason._tag === "RateLimited" ? (error.reason.retryAfterMs ?? 0) <= maxPauseMs : error.isRetryable
