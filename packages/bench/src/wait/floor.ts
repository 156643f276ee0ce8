/** The share of jobs that take longer than `t`. */
export type Survival = (t: number) => number

/** Each point of the grid is so much later than the one before: fine where a job is young, far where its tail is. */
const ratio = 1.001
const least = 1e-3

/** Integrates `stretch(from, to)` over all time that any job reaches. */
const integrate = (survival: Survival, stretch: (from: number, to: number) => number): number => {
  let sum = stretch(0, least)
  for (let from = least; survival(from) > 1e-12; from *= ratio) sum += stretch(from, from * ratio)
  return sum
}

/**
 * What no schedule of polls beats that knows the distribution of the durations and nothing else: polls times mean delay is
 * at least half the square of the integral of sqrt(density * survival). In the unit of `t`, which has to be small against
 * the durations and large against a thousandth: seconds, or medians.
 */
export const computeFloor = (survival: Survival): number => {
  const root = integrate(survival, (from, to) => {
    const [before, after] = [survival(from), survival(to)]
    return Math.sqrt(Math.max(0, before - after) * ((before + after) / 2) * (to - from))
  })
  return root ** 2 / 2
}

/** The mean duration. */
export const computeMean = (survival: Survival): number =>
  integrate(survival, (from, to) => ((survival(from) + survival(to)) / 2) * (to - from))
