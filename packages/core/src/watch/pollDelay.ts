import { clamp } from "../utils/clamp.ts"
import type { DurationExpectation } from "../durations/DurationEstimate.ts"
import { getSurvival, type Survival } from "../durations/survival.ts"
import { pollFrequency } from "./pollFrequency.ts"

/**
 * When to poll a job next: once the delay that has probably built up since the last poll is worth a request. While the
 * end is unlikely nothing builds up and nothing is sent; when it is near, polls come close together. For a steady hazard
 * h the delay is sqrt(2 * pollCost / h), the optimum of inspection theory.
 */

export interface PollDelayInput {
  /** Milliseconds since the job was submitted (or since work on it began, with an expectation of that), by Scenario's clock. */
  readonly elapsedMs: number
  /** Polls so far. */
  readonly polls: number
  readonly expectation: DurationExpectation
  /** 0..1, of the last poll. */
  readonly progress?: number | undefined
  /** Polls in a row before the last one that had shown the same progress. Default 0. */
  readonly unchangedPolls?: number | undefined
  /** What a poll costs, in medians of delay: `getPollCost`. */
  readonly pollCost: number
  /** No delay is longer; only the first poll of a known model may come later. `getMaxPollDelay`. Milliseconds. */
  readonly maxDelayMs: number
}

/** Milliseconds until the next poll; never negative, and at most `maxDelayMs` once a poll was made. */
export const getPollDelay = (input: PollDelayInput): number => {
  const elapsedMs = Math.max(0, input.elapsedMs)
  if (input.polls === 0) return Math.max(0, getFirstDelay(input) - elapsedMs)
  const byChance = getDelayByChance(elapsedMs, input, input.maxDelayMs)
  return clamp(getDelayByProgress(elapsedMs, byChance, input), pollFrequency.delay.minMs, input.maxDelayMs)
}

/** What a poll costs, by how many waits share the account's budget: little for a few, more for many. */
export const getPollCost = (waits: number): number =>
  byLoad(pollFrequency.poll.interactive, pollFrequency.poll.bulk, waits)

/**
 * The longest delay between two polls of one job, in milliseconds: for a few waits some three seconds, or a hundredth of
 * the time that it has been waited for; for many ten seconds or a fifth of it, up to forty seconds.
 */
export const getMaxPollDelay = (waits: number, waitedMs: number): number => {
  const { interactiveMax, bulkMax } = pollFrequency.delay
  return byLoad(
    clamp(interactiveMax.part * waitedMs, interactiveMax.minMs, interactiveMax.maxMs),
    clamp(bulkMax.part * waitedMs, bulkMax.minMs, bulkMax.maxMs),
    waits,
  )
}

/** Between the figure for interactive waits and the one for bulk. */
const byLoad = (interactive: number, bulk: number, waits: number): number => {
  const { interactiveWaits, bulkWaits } = pollFrequency
  const load = clamp((waits - interactiveWaits) / (bulkWaits - interactiveWaits), 0, 1)
  return interactive + (bulk - interactive) * load
}

/** Age at which a job is polled first. What was learned may be out of date: never more than the median. */
const getFirstDelay = (input: PollDelayInput): number => {
  const { medianMs, isLearned } = input.expectation
  const maxMs = isLearned
    ? Math.max(medianMs, Math.min(input.maxDelayMs, pollFrequency.delay.maxFirstMs))
    : pollFrequency.delay.maxFirstMs
  return clamp(getDelayByChance(0, input, maxMs), pollFrequency.delay.minMs, maxMs)
}

/** How long after `elapsedMs` the expected delay since then costs what a poll does. */
const getDelayByChance = (
  elapsedMs: number,
  { expectation, pollCost }: PollDelayInput,
  maxMs: number,
): number => {
  const survival = getSurvival(expectation)
  const alive = Math.max(survival(elapsedMs), minSurvival)
  const measureMs = expectation.isLearned ? elapsedMs * pollFrequency.poll.outlivedPart : elapsedMs
  const costMs = pollCost * Math.max(expectation.medianMs, measureMs)
  const parts = expectation.groups ?? [expectation]
  const narrowest = Math.min(...parts.map(({ medianMs, sigma }) => medianMs * sigma))
  const step = Math.max(minStepMs, Math.min(maxMs, narrowest / stepsPerSigma))
  return findDelay(survival, { elapsedMs, alive, costMs, step, maxMs })
}

/** Beyond this the quotient of two tiny numbers is noise; a job that has outlived it is an extreme outlier. */
const minSurvival = 1e-6

/** Precision of the integral, and what keeps it from standing still for an expectation of 0. */
const stepsPerSigma = 25
const minStepMs = 0.01

/** Integrates the chance to have ended over the time since `elapsedMs` until it amounts to `costMs` of delay. */
const findDelay = (
  survival: Survival,
  from: { elapsedMs: number; alive: number; costMs: number; step: number; maxMs: number },
): number => {
  let delay = 0
  let expectedDelay = 0
  let ended = 0
  while (delay < from.maxMs) {
    const step = Math.max(from.step, delay / 20)
    const endedThen = Math.max(ended, 1 - survival(from.elapsedMs + delay + step) / from.alive)
    const added = ((ended + endedThen) / 2) * step
    if (expectedDelay + added >= from.costMs) {
      const within = findWithinStep(from.costMs - expectedDelay, ended, (endedThen - ended) / step)
      return Math.min(from.maxMs, delay + within)
    }
    delay += step
    expectedDelay += added
    ended = endedThen
  }
  return from.maxMs
}

/** The x at which the integral of `start + slope * x` reaches `area`. */
const findWithinStep = (area: number, start: number, slope: number): number =>
  // Multiplied out so that neither a zero start nor a zero slope divides by zero.
  (2 * area) / (start + Math.sqrt(start * start + 2 * slope * area))

/** Progress may shorten a delay freely and lengthen it only a little: it can stop at 0.99 or go backwards. */
const getDelayByProgress = (
  elapsedMs: number,
  byChance: number,
  { progress, unchangedPolls = 0 }: Pick<PollDelayInput, "progress" | "unchangedPolls">,
): number => {
  const { min, maxPart, maxMs, believed, unchangedGrowth } = pollFrequency.progress
  if (progress === undefined || progress <= min || progress >= 1) return byChance
  const remaining = elapsedMs / progress - elapsedMs
  const longest = Math.max(byChance, Math.min(maxMs, maxPart * elapsedMs))
  const promised = Math.min(Math.max(pollFrequency.delay.minMs, remaining * believed), longest)
  return Math.max(promised, Math.min(promised * unchangedGrowth ** unchangedPolls, byChance))
}
