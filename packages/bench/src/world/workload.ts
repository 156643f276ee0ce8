import { drawNormal, type Random, createRandom } from "./random.ts"

/** What the jobs of a run are like. Assumptions: no trace of Scenario's was to be had. */
export const assumptions = {
  /** 5 % and 95 % quantile of the durations of a pool of models, in seconds. */
  pools: { image: [5, 60], video: [60, 600], "3d": [120, 900] },
  modelsInPool: 20,
  /** Spread (sigma of the logarithm) within one model. */
  sigma: 0.3,
  /** So many take `stragglerFactor` times as long: a model that had to be loaded. */
  stragglers: 0.03,
  stragglerFactor: 3,
  /** There and back, the state being read in the middle. */
  roundTripMs: 120,
  requestsPerMinute: 100,
  assetsPerJob: 1,
} as const

export type Kind = keyof typeof assumptions.pools
export const kinds: ReadonlyArray<Kind> = ["image", "video", "3d"]

export interface PlannedJob {
  readonly modelId: string
  readonly durationMs: number
  /** What ten earlier jobs of the same model took. */
  readonly past: ReadonlyArray<number>
}

/** Jobs of a pool of models: the same for every row of a table. */
export const createWorkload = (kind: Kind, count: number, seed: number): ReadonlyArray<PlannedJob> => {
  const random = createRandom(seed)
  const medians = Array.from({ length: assumptions.modelsInPool }, () => drawMedian(kind, random))
  return Array.from({ length: count }, () => {
    const model = Math.floor(random() * medians.length)
    const median = medians[model] ?? 1
    return {
      modelId: `model_${kind}-${model}`,
      durationMs: drawDuration(median, random),
      past: Array.from({ length: 10 }, () => drawDuration(median, random)),
    }
  })
}

const drawMedian = (kind: Kind, random: Random): number => {
  const [low, high] = assumptions.pools[kind]
  const sigma = Math.log(high / low) / 2 / 1.645
  return Math.sqrt(low * high) * 1000 * Math.exp(sigma * drawNormal(random))
}

const drawDuration = (median: number, random: Random): number =>
  median *
  Math.exp(assumptions.sigma * drawNormal(random)) *
  (random() < assumptions.stragglers ? assumptions.stragglerFactor : 1)
