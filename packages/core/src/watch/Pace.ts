/**
 * When to look next at a job: "look when it is likely, and soon when it is near". The gap between two looks is
 * proportional to 1/sqrt(hazard), the optimum of inspection theory, cut short by the job's own progress.
 */

/** How long jobs like this one take: a lognormal distribution. */
export interface DurationExpectation {
  readonly medianMs: number
  /** Standard deviation of the logarithm of the duration. */
  readonly sigma: number
  /** True when learned from jobs of the same model, false for a guess by kind. */
  readonly isLearned: boolean
}

export interface PaceInput {
  /** Milliseconds since the job was submitted, by Scenario's clock. */
  readonly elapsedMs: number
  /** Looks so far. */
  readonly looks: number
  readonly expectation: DurationExpectation
  /** 0..1, of the last look. */
  readonly progress?: number | undefined
  /** What a request costs, in medians of delay squared; `priceOfLook`. */
  readonly price: number
  /** No gap is longer. Milliseconds. */
  readonly longestGapMs: number
}

/** No two looks at a job are closer. Milliseconds. */
export const shortestGapMs = 500

/** Before anything was learned of a model, nobody waits longer than this for the first look. Milliseconds. */
const latestFirstLookMs = 2_000

/** The standard normal's 5 % quantile. */
const fivePercentQuantile = -1.645

/** Milliseconds until the next look; never negative, never longer than `longestGapMs`. */
export const delayBeforeLook = (input: PaceInput): number => {
  const elapsedMs = Math.max(0, input.elapsedMs)
  if (input.looks === 0) return Math.max(0, firstLookMs(input) - elapsedMs)
  const byHazard = gapByHazard(elapsedMs, input)
  return clamp(gapByProgress(elapsedMs, byHazard, input.progress), shortestGapMs, input.longestGapMs)
}

const firstLookMs = ({ expectation, longestGapMs }: PaceInput): number => {
  const earliestEnd = expectation.medianMs * Math.exp(fivePercentQuantile * expectation.sigma)
  const latest = expectation.isLearned ? longestFirstLook(expectation, longestGapMs) : latestFirstLookMs
  return clamp(earliestEnd, shortestGapMs, latest)
}

/** What was learned may be out of date: never sleep over more than the median. */
const longestFirstLook = ({ medianMs }: DurationExpectation, longestGapMs: number): number =>
  Math.max(medianMs, Math.min(longestGapMs, latestFirstLookMs))

const gapByHazard = (elapsedMs: number, { expectation, price, longestGapMs }: PaceInput): number => {
  const hazard = hazardOf(Math.max(elapsedMs, 1), expectation)
  return hazard > 0 ? Math.sqrt((2 * price * expectation.medianMs) / hazard) : longestGapMs
}

/**
 * Progress may shorten a gap freely and lengthen it only a little: it can stick at 0.99 or run backwards, and half of
 * what it promises is what it is trusted with.
 */
const gapByProgress = (elapsedMs: number, byHazard: number, progress: number | undefined): number => {
  if (progress === undefined || progress <= 0.02 || progress >= 1) return byHazard
  const remaining = elapsedMs / progress - elapsedMs
  const longest = Math.max(byHazard, Math.min(60_000, 0.15 * elapsedMs))
  return Math.min(Math.max(shortestGapMs, remaining / 2), longest)
}

/** Hazard of the lognormal at `elapsedMs`, per millisecond: how likely it ends right now, given that it has not. */
const hazardOf = (elapsedMs: number, { medianMs, sigma }: DurationExpectation): number =>
  normalHazard(Math.log(elapsedMs / medianMs) / sigma) / (sigma * elapsedMs)

/** density / survival of the standard normal. */
const normalHazard = (z: number): number => {
  // Beyond 4 the quotient of two tiny numbers is noise; its asymptotic series is exact to a few per mille.
  if (z > 4) return z + 1 / z - 2 / z ** 3
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return density / survival(z)
}

/** 1 - cumulative distribution of the standard normal (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
const survival = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return z >= 0 ? tail : 1 - tail
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)

/** Waits up to this many are looked after eagerly: a person may be sitting before each. */
const fewWaits = 4

/** What a look costs, by how many waits share the account's budget: little for a few, more for many. */
export const priceOfLook = (waits: number): number => (waits <= fewWaits ? 0.002 : 0.005)

/**
 * The longest gap between two looks at one job, in milliseconds: three seconds for a few waits, and for many what keeps
 * all of them together within four fifths of the budget.
 */
export const longestGapFor = (waits: number, requestsPerMinute: number): number =>
  Math.max(3_000, (waits / (0.8 * requestsPerMinute)) * 60_000)
