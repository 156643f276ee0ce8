import type { DurationEstimate, Lognormal } from "./DurationEstimate.ts"

/** The chance that a job is still running at an age, in milliseconds. */
export type Survival = (elapsedMs: number) => number

/**
 * What a fitted lognormal leaves out: some jobs take much longer than others of their model (a model that has to be
 * loaded first). Without them a late job would seem about to end at every moment, and be polled without pause.
 */
const stragglers = { share: 0.05, factor: 2.5, sigma: 0.5 }

export const getSurvival = ({ groups, ...whole }: DurationEstimate): Survival => {
  if (groups === undefined) return getLognormalSurvival(whole)
  const parts = groups.map((group) => ({ share: group.share, survival: getLognormalSurvival(group) }))
  return (elapsedMs) => parts.reduce((sum, { share, survival }) => sum + share * survival(elapsedMs), 0)
}

const getLognormalSurvival =
  ({ medianMs, sigma }: Lognormal): Survival =>
  (elapsedMs) => {
    if (elapsedMs <= 0) return 1
    const log = Math.log(elapsedMs / medianMs)
    const late = (log - Math.log(stragglers.factor)) / Math.max(sigma, stragglers.sigma)
    return (1 - stragglers.share) * normalSurvival(log / sigma) + stragglers.share * normalSurvival(late)
  }

/** 1 - cumulative distribution of the standard normal (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
const normalSurvival = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return z >= 0 ? tail : 1 - tail
}
