import { drawNormal, type Random, createRandom } from "./random.ts"

/** Assumptions about jobs: there is no data about Scenario's real durations. */
export const assumptions = {
  /** 5 % and 95 % quantile of the durations of a pool of models, in seconds. */
  pools: { image: [5, 60], video: [60, 600], "3d": [120, 900] },
  modelsInPool: 20,
  /** Spread (sigma of the logarithm) within one model. */
  sigma: 0.3,
  /** The share that takes `stragglerFactor` times as long: cold starts. */
  stragglers: 0.03,
  stragglerFactor: 3,
  /** The state is read after half of it. */
  roundTripMs: 120,
  requestsPerMinute: 100,
  assetsPerJob: 1,
} as const

export type Kind = keyof typeof assumptions.pools
export const kinds: ReadonlyArray<Kind> = ["image", "video", "3d"]

export interface PlannedJob {
  readonly modelId: string
  readonly durationMs: number
  /** Durations of ten earlier jobs of the same model, milliseconds. */
  readonly past: ReadonlyArray<number>
}

/** Jobs of a pool of models, reproducible by seed. */
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
