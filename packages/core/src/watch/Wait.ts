import { type Job, type JobRef } from "../api/Job.ts"
import { type ApiError, WaitTimedOut } from "../errors.ts"
import { retryAfterOf } from "../http/RetryPolicy.ts"
import { stepsAwaitingApproval } from "./classifyJob.ts"
import type { SharedPace } from "./JobWatcher.ts"
import { delayBeforeLook, longestGapFor } from "./Pace.ts"

/** What one wait knows. Plain data: who owns the clock asks it how long to sleep. */
export interface Wait {
  readonly job: JobRef
  /** Epoch milliseconds by our clock. */
  readonly begunAt: number
  /** The same moment by Scenario's clock. */
  readonly begunAtServer: number
  readonly deadline: number
  readonly looks: number
  /** The last look that was answered. */
  readonly seen: Job | undefined
  /** Looks in a row that failed, and how the last one did. */
  readonly failures: number
  readonly trouble: ApiError | undefined
}

/** The last look comes this long before the deadline: what has finished in time is not reported as late. */
const lastLookLeadMs = 500

/** A look gets this long, even when it begins just before the deadline. Milliseconds. */
export const shortestLookMs = 1_000

/** Whether the last look that the deadline leaves room for was made. */
export const isTimeUp = (wait: Wait, now: number): boolean =>
  wait.looks > 0 && wait.deadline - lastLookLeadMs <= now

/**
 * Milliseconds until the next look. After trouble it doubles from one second to half a minute, and Retry-After wins.
 * `chance` (0..1) is the jitter; `serverNow` is Scenario's clock, since a job's age is told by its dates.
 */
export const delayOf = (
  wait: Wait,
  pace: SharedPace,
  at: { readonly now: number; readonly serverNow: number; readonly chance: number },
): number => {
  const untilLastLook = Math.max(0, wait.deadline - lastLookLeadMs - at.now)
  return Math.min(
    untilLastLook,
    wait.trouble === undefined ? paced(wait, pace, at) : afterTrouble(wait, at.chance),
  )
}

const paced = (
  wait: Wait,
  pace: SharedPace,
  at: { readonly now: number; readonly serverNow: number },
): number => {
  const submittedAt = Date.parse(wait.seen?.createdAt ?? wait.job.submittedAt ?? "")
  const isAgeKnown = !Number.isNaN(submittedAt)
  // A job that was never seen and whose age is unknown may have ended long ago.
  if (wait.looks === 0 && !isAgeKnown) return 0
  const isStandingStill = wait.seen !== undefined && stepsAwaitingApproval(wait.seen).length > 0
  const elapsedMs = isAgeKnown ? at.serverNow - submittedAt : at.now - wait.begunAt
  const delay = delayBeforeLook({
    ...pace,
    longestGapMs: longestGapFor(pace.waits, elapsedMs),
    looks: wait.looks,
    elapsedMs,
    progress: wait.seen?.progress,
  })
  return isStandingStill ? Math.max(delay, Math.min(60_000, elapsedMs / 10)) : delay
}

const afterTrouble = (wait: Wait, chance: number): number => {
  const backoff = Math.min(30_000, 1_000 * 2 ** (wait.failures - 1)) * (0.8 + 0.4 * chance)
  return Math.max(backoff, wait.trouble === undefined ? 0 : retryAfterOf(wait.trouble))
}

/**
 * How long the job can have taken at most, where the wait has seen it from its beginning: no longer than the wait and what
 * lay between the job's birth and it. Milliseconds.
 */
export const longestPossible = (wait: Wait, now: number): number | undefined => {
  const ageAtBeginning = wait.begunAtServer - Date.parse(wait.seen?.createdAt ?? "")
  return Math.abs(ageAtBeginning) < 60_000 ? now - wait.begunAt + Math.max(0, ageAtBeginning) : undefined
}

/**
 * Whether a failed look ends the wait. Passing trouble does not, for as long as there is time; a job that stays unknown
 * does (right after its submit it may not be listed yet), and so does an answer that stays incomprehensible.
 */
export const endsWait = (wait: Wait, error: ApiError): boolean => {
  switch (error.reason._tag) {
    case "NotFound": {
      const wasReal = wait.seen !== undefined || wait.job.submittedAt !== undefined
      return wait.failures >= (wasReal ? 5 : 2)
    }
    case "UnexpectedBody":
      return wait.failures >= 6
    default:
      return !error.isRetryable
  }
}

/** The end of a wait whose time is up. */
export const timedOut = (wait: Wait, now: number): WaitTimedOut => {
  const standing = wait.seen === undefined ? [] : stepsAwaitingApproval(wait.seen)
  return new WaitTimedOut({
    job: wait.job,
    lastStatus: wait.seen?.status,
    progress: wait.seen?.progress,
    waitedMs: now - wait.begunAt,
    awaitingApproval: standing.length === 0 ? undefined : standing.map((step) => step.stepId),
    lastTrouble: wait.trouble?.message,
  })
}
