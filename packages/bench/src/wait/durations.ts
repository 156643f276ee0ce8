import { drawNormal, type Random } from "../world/random.ts"
import { assumptions } from "../world/workload.ts"
import type { Survival } from "./floor.ts"

/** A distribution of job durations, in seconds. */
export interface Durations {
  readonly draw: (random: Random) => number
  readonly survival: Survival
}

/** The assumed distribution of all jobs here: around a median, and a few stragglers. */
export const lognormal = (median: number, sigma: number): Durations => {
  const { stragglers, stragglerFactor } = assumptions
  const within = (t: number) => normalSurvival(Math.log(t / median) / sigma)
  return {
    draw: (random) =>
      median * Math.exp(sigma * drawNormal(random)) * (random() < stragglers ? stragglerFactor : 1),
    survival: (t) => (1 - stragglers) * within(t) + stragglers * within(t / stragglerFactor),
  }
}

/** One or the other, with equal probability. */
export const mixed = (one: Durations, other: Durations): Durations => ({
  draw: (random) => (random() < 0.5 ? one : other).draw(random),
  survival: (t) => (one.survival(t) + other.survival(t)) / 2,
})

/** A power law from `min` to fifty times that. */
export const heavyTailed = (min: number): Durations => {
  const exponent = 1.5
  return {
    draw: (random) => min * Math.min(50, (1 - random()) ** (-1 / exponent)),
    survival: (t) => (t < min ? 1 : t < 50 * min ? (t / min) ** -exponent : 0),
  }
}

export const constant = (duration: number): Durations => ({
  draw: () => duration,
  survival: (t) => (t < duration ? 1 : 0),
})

/** Abramowitz and Stegun 26.2.17. */
const normalSurvival = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return z >= 0 ? tail : 1 - tail
}
