/** The share of jobs that take longer than `t`. */
export type Survival = (t: number) => number

/** The grid is geometric: fine for short durations, coarse in the tail. */
const ratio = 1.001
const start = 1e-3

/** Integrates `stretch(from, to)` over all durations. */
const integrate = (survival: Survival, stretch: (from: number, to: number) => number): number => {
  let sum = stretch(0, start)
  for (let from = start; survival(from) > 1e-12; from *= ratio) sum += stretch(from, from * ratio)
  return sum
}

/**
 * The lower bound for a schedule that knows only the distribution of durations: polls times mean delay is at least half
 * the square of the integral of sqrt(density * survival). In the unit of `t`, for durations well above 0.001: seconds, or
 * medians.
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
