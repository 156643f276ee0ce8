import { Duration } from "effect"
import type { DeliveryStep } from "../storage/StoredWait.ts"

export interface AttemptOutcome {
  /** HTTP status; absent if no response came. */
  readonly status?: number | undefined
  /** Why there is no response, as a phrase. */
  readonly failure?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly instruction?: string | undefined
}

export interface NextStep extends DeliveryStep {
  /** Whether the receiver asked not to be called again at this URL. */
  readonly disables?: boolean
}

/** What follows from the attempt number `attempts`. Times are milliseconds since 1970. */
export const getNextStep = (
  outcome: AttemptOutcome,
  { attempts, now, retryDelays }: AttemptContext,
): NextStep => {
  const { status, instruction } = outcome
  if (isAccepted(outcome)) return { state: "delivered" }
  const lastError = describeOutcome(outcome)
  if (instruction === "disable") {
    return { state: "dead", lastError: `${lastError}; the receiver asked to be disabled`, disables: true }
  }
  if (instruction === "abort-message")
    return { state: "dead", lastError: `${lastError}; the receiver asked to stop` }
  if (status === 404 || status === 410) return { state: "dead", lastError }
  const delay = retryDelays[attempts]
  if (delay === undefined) return { state: "dead", lastError }
  const asked = Math.min(outcome.retryAfterMs ?? 0, maxRetryAfterMs)
  return {
    state: "delivering",
    nextAttemptAt: now + Math.max(Duration.toMillis(delay), asked),
    lastError,
  }
}

export interface AttemptContext {
  /** Attempts so far, this one included. */
  readonly attempts: number
  readonly now: number
  readonly retryDelays: ReadonlyArray<Duration.Duration>
}

/** A receiver may ask for a longer pause than the schedule's, up to its longest. Milliseconds. */
const maxRetryAfterMs = 10 * 3_600_000

export const describeOutcome = ({ status, failure }: AttemptOutcome): string => {
  if (status === undefined) return failure ?? "no response"
  return status >= 300 && status < 400 ? `status ${status}; redirects aren't followed` : `status ${status}`
}

/** Whether the receiver accepted the callback. */
export const isAccepted = ({ status }: AttemptOutcome): boolean =>
  status !== undefined && status >= 200 && status < 300

/** Whether the receiver itself is in trouble, and not only this message. */
export const isReceiverDown = ({ status }: AttemptOutcome): boolean =>
  status === undefined || status >= 500 || status === 429
