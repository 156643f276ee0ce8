import { clamp } from "../utils/clamp.ts"
import type { DurationEstimate, Lognormal } from "./DurationEstimate.ts"

/**
 * The spread that is presumed of one model's jobs, and how many observed jobs the presumption weighs. The spread of a
 * few jobs is so uncertain that it costs requests and delay; a presumption that is too strong costs more for models
 * whose jobs all take the same time.
 */
const presumed = { sigma: 0.3, jobs: 5 }

/** Deviations are cut at this many spreads, so that a job that waited for its model to load moves nothing. */
const maxReach = 2
/** What the cut leaves of a normal distribution's slope and variance. */
const slopeLeft = 0.954
const varianceLeft = 0.9

/**
 * Fits a lognormal to durations: Huber's center, starting from median and MAD, and the spread of a prediction by it. If
 * they fall into two groups (a model that is sometimes asked for twice as much), each gets a lognormal as well.
 */
export const estimateDuration = (durationsMs: ReadonlyArray<number>): DurationEstimate => {
  const logs = durationsMs.map(Math.log).toSorted((a, b) => a - b)
  const groups = findGroups(logs)
  return {
    ...fitLognormal(logs),
    groups: groups?.map((group) => ({ ...fitLognormal(group), share: group.length / logs.length })),
  }
}

const fitLognormal = (logs: ReadonlyArray<number>): Lognormal => {
  const count = logs.length
  const middle = median(logs)
  const mad = 1.4826 * median(logs.map((log) => Math.abs(log - middle)))
  const reach = maxReach * shrink(mad * mad, count)
  let center = middle
  for (let round = 0; round < 2; round++) {
    center += mean(logs.map((log) => clamp(log - center, -reach, reach))) / slopeLeft
  }
  const squares = logs.map((log) => clamp(log - center, -reach, reach) ** 2)
  const variance = (mean(squares) * count) / Math.max(1, count - 1) / varianceLeft
  // The center of few jobs is itself uncertain: by 1/n of the variance, a little more for what the cut throws away.
  return {
    medianMs: Math.exp(center),
    sigma: Math.max(minSigma, shrink(variance, count) * Math.sqrt(1 + 1.1 / count)),
  }
}

/** Fewer are stragglers, not a group. */
const minGroupSize = 3
/** How far apart groups are, in logarithms and in their spreads. One lognormal rarely shows such a gap by chance. */
const minGap = 0.3
const minGapInSpreads = 2.5

/** The two groups of ascending logarithms on both sides of the widest gap, if it is too wide to be chance. */
const findGroups = (logs: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> | undefined => {
  let widest = 0
  let at = 0
  for (let index = minGroupSize; index <= logs.length - minGroupSize; index++) {
    const gap = (logs[index] ?? 0) - (logs[index - 1] ?? 0)
    if (gap > widest) [widest, at] = [gap, index]
  }
  const groups = [logs.slice(0, at), logs.slice(at)]
  const spread = Math.max(...groups.map(deviation))
  return widest >= Math.max(minGap, minGapInSpreads * spread) ? groups : undefined
}

const deviation = (values: ReadonlyArray<number>): number => {
  const center = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)))
}

/** Jobs that all took the same time can still differ. */
const minSigma = 0.08

/** Standard deviation, shrunk toward the presumed one while there are few jobs; by its logarithm, because it is a scale. */
const shrink = (variance: number, count: number): number => {
  const observed = Math.log(Math.max(minSigma, Math.sqrt(variance)))
  // A single job shows no spread.
  const shown = count - 1
  return Math.exp((shown * observed + presumed.jobs * Math.log(presumed.sigma)) / (shown + presumed.jobs))
}

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}
