import { assumptions } from "../world/workload.ts"

/**
 * What no schedule of looks beats that knows the distribution of the durations and nothing else: looks times mean delay
 * is at least half the square of the integral of sqrt(density * survival), here in mean durations. For sigma 0.3: 0.272.
 */
export const floorOf = (sigma: number): number => {
  const { stragglers, stragglerFactor } = assumptions
  const survival = (t: number) =>
    (1 - stragglers) * normalSurvival(Math.log(t) / sigma) +
    stragglers * normalSurvival(Math.log(t / stragglerFactor) / sigma)
  const step = 0.001
  let root = 0
  let mean = step / 2
  for (let t = step; t < 40; t += step) {
    const density = (survival(t - step / 2) - survival(t + step / 2)) / step
    root += Math.sqrt(Math.max(0, density) * survival(t)) * step
    mean += survival(t) * step
  }
  return root ** 2 / 2 / mean
}

/** Abramowitz and Stegun 26.2.17. */
const normalSurvival = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return z >= 0 ? tail : 1 - tail
}
