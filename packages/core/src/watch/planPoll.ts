import type { DurationExpectation } from "../durations/DurationEstimate.ts"
import type { ApiError } from "../errors.ts"
import { getBackoffMs, getJitter } from "../http/backoff.ts"
import { getRetryAfter } from "../http/RetryPolicy.ts"
import { pollFrequency } from "./pollFrequency.ts"
import type { JobState } from "./JobState.ts"
import { getMaxPollDelay, getPollCost, getPollDelay } from "./pollDelay.ts"

/**
 * The next poll of a wait. In whole milliseconds, because a fraction would need memory of its own in each of ten
 * thousand waits.
 */
export interface PollPlan {
  /** When it is due, monotonic milliseconds. */
  readonly at: number
  /** How long before that it begins to be worth something. */
  readonly gapMs: number
  /** The delay that has probably built up when it is due: what the poll costs. */
  readonly costMs: number
}

/** What a plan depends on beside the wait itself. */
export interface PollConditions {
  /** Monotonic milliseconds. */
  readonly now: number
  /** Scenario's clock, epoch milliseconds: a job's age follows from its dates. */
  readonly serverNow: number
  readonly expectation: DurationExpectation
  /** How many waits share the account. */
  readonly waits: number
  /** 0..1: the jitter. */
  readonly random: number
}

/** What a plan depends on in the wait. */
export interface PollSubject {
  /** When the job was submitted by Scenario's clock, epoch milliseconds; NaN if unknown. */
  readonly createdAt: number
  /** When the wait began, monotonic milliseconds. */
  readonly begunAt: number
  readonly polls: number
  /** What the last successful poll showed. */
  readonly state: JobState | undefined
}

/** The next poll of a job that can be read, by its age, its progress, and how long such jobs took. */
export const planPoll = (subject: PollSubject, conditions: PollConditions): PollPlan => {
  const { now, serverNow, expectation, waits } = conditions
  const { state, polls, createdAt, begunAt } = subject
  const isAgeKnown = !Number.isNaN(createdAt)
  if (polls === 0 && !isAgeKnown) {
    const { gapMs, pollCostMs } = pollFrequency.delay.unknownAge
    return toPlan(conditions, 0, gapMs, pollCostMs)
  }
  const age = Math.max(0, isAgeKnown ? serverNow - createdAt : now - begunAt)
  // By our own clock: a job's dates can be wrong, and a job that is resumed can be days old.
  const waitedMs = Math.min(age, now - begunAt)
  const stretch = getStretch(expectation, age, state?.queuedMs)
  const input = {
    expectation: stretch.expectation,
    elapsedMs: stretch.elapsedMs,
    pollCost: getPollCost(waits),
    maxDelayMs: getMaxPollDelay(waits, waitedMs),
  }
  const costMs = Math.max(1, Math.round(input.pollCost * stretch.expectation.medianMs))
  const delay = getPollDelay({
    ...input,
    polls,
    progress: state?.progress,
    unchangedPolls: state?.unchangedPolls,
  })
  if (state !== undefined && state.pendingApprovals.length > 0) {
    const { approvalPart, maxApprovalMs } = pollFrequency.delay
    const approvalDelay = Math.max(delay, Math.min(maxApprovalMs, waitedMs * approvalPart))
    return toPlan(conditions, approvalDelay, approvalDelay, costMs)
  }
  // One of many is seen on a page whenever others are polled: that is no reason to poll it before its time.
  const isEarly =
    polls === 0 ||
    (waits >= pollFrequency.bulkWaits && expectation.isLearned && isWithoutProgress(state?.progress))
  const untilFirst = isEarly ? getPollDelay({ ...input, polls: 0 }) : 0
  if (polls > 0 && untilFirst <= delay) return toPlan(conditions, delay, delay, costMs)
  const first = Math.max(delay, untilFirst)
  return toPlan(
    conditions,
    first,
    Math.max(pollFrequency.delay.minLikelyMs, first * pollFrequency.delay.likelyPart),
    costMs,
  )
}

/** The next poll after one that failed: later with every failure in a row, and not before the time that a 429 asks for. */
export const planAfterFailure = (error: ApiError, failures: number, conditions: PollConditions): PollPlan => {
  const backoff = pollFrequency.failure.poll
  const delayMs = getBackoffMs(backoff, failures) * getJitter(conditions.random)
  const delay = Math.max(delayMs, getRetryAfter(error))
  return toPlan(conditions, delay, Math.min(delay, backoff.firstMs), 1)
}

const toPlan = ({ now }: PollConditions, delay: number, gapMs: number, costMs: number): PollPlan => ({
  at: Math.ceil(now + delay),
  gapMs: Math.max(1, Math.round(gapMs)),
  costMs,
})

const isWithoutProgress = (progress: number | undefined): boolean =>
  progress === undefined || progress <= pollFrequency.progress.min

/** A job that is being worked on is measured by its run, if its start is known, however long the queue was. */
const getStretch = (
  expectation: DurationExpectation,
  age: number,
  queuedMs: number | undefined,
): { readonly expectation: DurationExpectation; readonly elapsedMs: number } => {
  const { run, isLearned } = expectation
  if (run === undefined || queuedMs === undefined) return { expectation, elapsedMs: age }
  return { expectation: { ...run, isLearned }, elapsedMs: Math.max(0, age - queuedMs) }
}
