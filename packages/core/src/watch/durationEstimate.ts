import { clamp } from "./clamp.ts"
import type { DurationEstimate, Lognormal } from "./Pace.ts"

/**
 * What one model's jobs are presumed to spread like, and how many observed jobs this presumption outweighs: the spread of
 * a few jobs alone is so uncertain that it costs requests and delay, and one that is presumed too firmly costs more where
 * jobs are like clockwork.
 */
const presumed = { sigma: 0.3, jobs: 5 }

/** Deviations are cut at so many spreads: a job that had to wait for its model to be loaded moves nothing. */
const longestReach = 2
/** What the cut leaves of a normal distribution's slope and variance. */
const slopeLeft = 0.954
const varianceLeft = 0.9

/**
 * A lognormal fitted to durations: Huber's centre, begun from median and MAD, and the spread of a prediction by it. Where
 * they fall into two groups (a model that is sometimes asked for twice as much), one lognormal for each as well.
 */
export const estimateOf = (durationsMs: ReadonlyArray<number>): DurationEstimate => {
  const logs = durationsMs.map(Math.log).toSorted((a, b) => a - b)
  const groups = groupsIn(logs)
  return {
    ...fitted(logs),
    groups: groups?.map((group) => ({ ...fitted(group), share: group.length / logs.length })),
  }
}

const fitted = (logs: ReadonlyArray<number>): Lognormal => {
  const count = logs.length
  const middle = median(logs)
  const mad = 1.4826 * median(logs.map((log) => Math.abs(log - middle)))
  const reach = longestReach * drawn(mad * mad, count)
  let centre = middle
  for (let round = 0; round < 2; round++) {
    centre += mean(logs.map((log) => clamp(log - centre, -reach, reach))) / slopeLeft
  }
  const squares = logs.map((log) => clamp(log - centre, -reach, reach) ** 2)
  const variance = (mean(squares) * count) / Math.max(1, count - 1) / varianceLeft
  // The centre of few jobs is itself uncertain: by 1/n of the variance, a little more for what the cut throws away.
  return {
    medianMs: Math.exp(centre),
    sigma: Math.max(leastSigma, drawn(variance, count) * Math.sqrt(1 + 1.1 / count)),
  }
}

/** Fewer are stragglers, and no kind of their own. */
const leastGroup = 3
/** So far apart, in logarithms and in spreads of the groups: one lognormal has such a gap in its midst once in a while. */
const leastGap = 0.3
const leastGapInSpreads = 2.5

/** The two groups of ascending logarithms that the widest gap divides, where it is no chance. */
const groupsIn = (logs: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> | undefined => {
  let widest = 0
  let at = 0
  for (let index = leastGroup; index <= logs.length - leastGroup; index++) {
    const gap = (logs[index] ?? 0) - (logs[index - 1] ?? 0)
    if (gap > widest) [widest, at] = [gap, index]
  }
  const groups = [logs.slice(0, at), logs.slice(at)]
  const spread = Math.max(...groups.map(deviation))
  return widest >= Math.max(leastGap, leastGapInSpreads * spread) ? groups : undefined
}

const deviation = (values: ReadonlyArray<number>): number => {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))
}

/** Jobs that all took the same are still not clockwork. */
const leastSigma = 0.08

/** Standard deviation, drawn to the presumed one for as long as there are few jobs: by its logarithm, as a scale is. */
const drawn = (variance: number, count: number): number => {
  const observed = Math.log(Math.max(leastSigma, Math.sqrt(variance)))
  // One job alone has no spread to show.
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
