import { clamp } from "./clamp.ts"
import { type Survival, survivalOf } from "./survival.ts"

/**
 * When to look next at a job: when the delay that has probably built up since the last look is worth a request. Where
 * the end is unlikely nothing builds up and nobody looks; where it is near, looks come close together. For a steady
 * hazard h the gap is sqrt(2 * price / h), the optimum of inspection theory.
 */

export interface Lognormal {
  readonly medianMs: number
  /** Standard deviation of the logarithm of the duration. */
  readonly sigma: number
}

/** How long one stretch of a job takes: a lognormal distribution. */
export interface DurationEstimate extends Lognormal {
  /** The same in parts, where the jobs of a model fall into groups. Shares are 0..1, and 1 in all. */
  readonly groups?: ReadonlyArray<Lognormal & { readonly share: number }> | undefined
}

/** How long jobs like this one take, from their submission to their end. */
export interface DurationExpectation extends DurationEstimate {
  /** True when learned from jobs of the same model that were watched here, false for a guess by kind and for hearsay. */
  readonly isLearned: boolean
  /** The same from the moment they are worked on: what a job in a long queue still has before it. */
  readonly run?: DurationEstimate | undefined
}

export interface PaceInput {
  /** Milliseconds since the job was submitted (or since it was begun, with an expectation of that), by Scenario's clock. */
  readonly elapsedMs: number
  /** Looks so far. */
  readonly looks: number
  readonly expectation: DurationExpectation
  /** 0..1, of the last look. */
  readonly progress?: number | undefined
  /** Looks in a row before the last one that had shown the same progress. Default 0. */
  readonly standstill?: number | undefined
  /** What a request is worth: so many medians of delay. `priceOfLook`. */
  readonly price: number
  /** No gap is longer; the first look at a job of a known model may come later. `longestGapFor`. Milliseconds. */
  readonly longestGapMs: number
}

/** No two looks at a job are closer. Milliseconds. */
export const shortestGapMs = 500

/** Before anything was learned of a model, nobody waits longer than this for the first look. Milliseconds. */
const latestFirstLookMs = 2_000

/** Milliseconds until the next look; never negative, and no longer than `longestGapMs` once a look was made. */
export const delayBeforeLook = (input: PaceInput): number => {
  const elapsedMs = Math.max(0, input.elapsedMs)
  if (input.looks === 0) return Math.max(0, firstLookMs(input) - elapsedMs)
  const byChance = gapByChance(elapsedMs, input, input.longestGapMs)
  return clamp(gapByProgress(elapsedMs, byChance, input), shortestGapMs, input.longestGapMs)
}

/** Age at which a job is looked at for the first time. What was learned may be out of date: never more than the median. */
const firstLookMs = (input: PaceInput): number => {
  const { medianMs, isLearned } = input.expectation
  const latest = isLearned
    ? Math.max(medianMs, Math.min(input.longestGapMs, latestFirstLookMs))
    : latestFirstLookMs
  return clamp(gapByChance(0, input, latest), shortestGapMs, latest)
}

/** How long after `elapsedMs` the expected delay since then costs what a request does. */
const gapByChance = (elapsedMs: number, { expectation, price }: PaceInput, longestMs: number): number => {
  const survival = survivalOf(expectation)
  const alive = Math.max(survival(elapsedMs), leastSurvival)
  // A job that has outlived a guess, or by far what was learned, shows that this is no measure for it.
  const measureMs = expectation.isLearned ? elapsedMs / 3 : elapsedMs
  const worthMs = price * Math.max(expectation.medianMs, measureMs)
  const parts = expectation.groups ?? [expectation]
  const narrowest = Math.min(...parts.map(({ medianMs, sigma }) => medianMs * sigma))
  const step = Math.min(longestMs, narrowest / stepsPerSigma)
  return timeUntilDelay(survival, { elapsedMs, alive, worthMs, step, longestMs })
}

/** Beyond this the quotient of two tiny numbers is noise; what has outlived it so far is an outlier of outliers. */
const leastSurvival = 1e-6

const stepsPerSigma = 25

/** Integrates the chance to have ended over the time since `elapsedMs` until it amounts to `worthMs` of delay. */
const timeUntilDelay = (
  survival: Survival,
  from: { elapsedMs: number; alive: number; worthMs: number; step: number; longestMs: number },
): number => {
  let gap = 0
  let delay = 0
  let ended = 0
  while (gap < from.longestMs) {
    const step = Math.max(from.step, gap / 20)
    const endedThen = Math.max(ended, 1 - survival(from.elapsedMs + gap + step) / from.alive)
    const added = ((ended + endedThen) / 2) * step
    if (delay + added >= from.worthMs) {
      return Math.min(
        from.longestMs,
        gap + timeWithinStep(from.worthMs - delay, ended, (endedThen - ended) / step),
      )
    }
    gap += step
    delay += added
    ended = endedThen
  }
  return from.longestMs
}

/** Where the integral of `start + slope * x` reaches `area`. */
const timeWithinStep = (area: number, start: number, slope: number): number =>
  // Multiplied out so that neither a zero start nor a zero slope divides by nothing.
  (2 * area) / (start + Math.sqrt(start * start + 2 * slope * area))

/** With every look that finds progress standing still, this much of what it promised is waited for longer. */
const standstillGrowth = 1.3

/**
 * Progress may shorten a gap freely and lengthen it only a little: it can stick at 0.99 or run backwards, and half of
 * what it promises is what it is trusted with. Where it stands still it shortens less with every look.
 */
const gapByProgress = (
  elapsedMs: number,
  byChance: number,
  { progress, standstill = 0 }: Pick<PaceInput, "progress" | "standstill">,
): number => {
  if (progress === undefined || progress <= 0.02 || progress >= 1) return byChance
  const remaining = elapsedMs / progress - elapsedMs
  const longest = Math.max(byChance, Math.min(60_000, 0.15 * elapsedMs))
  const promised = Math.min(Math.max(shortestGapMs, remaining / 2), longest)
  return Math.max(promised, Math.min(promised * standstillGrowth ** standstill, byChance))
}

/** Up to so many waits a person may be sitting before each; from so many on, requests are what is short. */
const fewWaits = 10
export const manyWaits = 20

/** 0 for few waits, which are eager, to 1 for many, which are thrifty. */
const thriftOf = (waits: number): number => clamp((waits - fewWaits) / (manyWaits - fewWaits), 0, 1)

const between = (eager: number, thrifty: number, waits: number): number =>
  eager + (thrifty - eager) * thriftOf(waits)

const eagerPrice = 0.002
const thriftyPrice = 0.004

/** What a look costs, by how many waits share the account's budget: little for a few, more for many. */
export const priceOfLook = (waits: number): number => between(eagerPrice, thriftyPrice, waits)

/**
 * The longest gap between two looks at one job, in milliseconds: for a few waits some three seconds, or a hundredth of
 * the time that it has been waited for, which nobody feels; for many ten seconds or a fifth of it, up to forty.
 */
export const longestGapFor = (waits: number, waitedMs: number): number =>
  between(clamp(0.01 * waitedMs, 3_200, 30_000), clamp(0.2 * waitedMs, 10_000, 40_000), waits)
