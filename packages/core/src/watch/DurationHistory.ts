import { Context, Effect, Layer } from "effect"
import type { Job } from "../api/Job.ts"
import { classifyJob } from "./classifyJob.ts"
import type { DurationExpectation } from "./Pace.ts"

/** What is known of how long jobs take, by model, learned from every finished job that passes by. */
export class DurationHistory extends Context.Service<
  DurationHistory,
  {
    /** How long a job like this one takes. */
    expect(job: {
      readonly modelId?: string | undefined
      readonly jobType?: string | undefined
    }): DurationExpectation
    /**
     * Learns from a finished job; others are ignored. `atMostMs`: how long it can have taken at most, where the caller
     * has watched it from its beginning; the dates of a job can be wrong, and our own clock is not.
     */
    learn(job: Job, atMostMs?: number): void
  }
>()("@scenario-automation/core/DurationHistory") {
  static readonly layer: Layer.Layer<DurationHistory> = Layer.effect(
    DurationHistory,
    Effect.sync(() => {
      const logsByKey = new Map<string, ReadonlyArray<number>>()
      return DurationHistory.of({
        expect: ({ modelId, jobType }) => {
          const prior = priorOf(jobType)
          const logs = logsByKey.get(modelId ?? jobType ?? "")
          return logs === undefined ? prior : learned(logs, prior)
        },
        learn: (job, atMostMs) => {
          const key = job.modelId ?? job.jobType
          const stated = durationOf(job)
          if (stated === undefined) return
          const durationMs = Math.min(stated, atMostMs ?? stated)
          const logs = [...(logsByKey.get(key) ?? []), Math.log(durationMs)].slice(-rememberedJobs)
          // Set anew, so that the first key is the one not heard of for longest.
          logsByKey.delete(key)
          logsByKey.set(key, logs)
          const oldest = logsByKey.keys().next().value
          if (logsByKey.size > rememberedModels && oldest !== undefined) logsByKey.delete(oldest)
        },
      })
    }),
  )
}

/** What seems to have taken longer than a day has wrong dates, or waited for somebody's approval. */
const longestDurationMs = 86_400_000

const rememberedJobs = 50
const rememberedModels = 500

/** From its submission to its final status, in milliseconds, by Scenario's own dates; of succeeded jobs only. */
const durationOf = (job: Job): number | undefined => {
  if (classifyJob(job) !== "succeeded") return undefined
  const end =
    job.statusHistory.findLast((change) => classifyJob(change) === "succeeded")?.date ?? job.updatedAt
  const durationMs = Date.parse(end ?? "") - Date.parse(job.createdAt ?? "")
  return durationMs > 0 && durationMs <= longestDurationMs ? durationMs : undefined
}

/** Median and MAD of the logarithms (outliers move neither), drawn to the prior as long as there are few. */
const learned = (logs: ReadonlyArray<number>, prior: DurationExpectation): DurationExpectation => {
  const centre = median(logs)
  const spread = 1.4826 * median(logs.map((log) => Math.abs(log - centre)))
  const weight = logs.length / (logs.length + 3)
  return {
    medianMs: Math.exp(centre),
    sigma: Math.max(0.1, weight * spread + (1 - weight) * Math.min(prior.sigma, 0.4)),
    isLearned: true,
  }
}

const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

const guess = (medianMs: number, sigma: number): DurationExpectation => ({
  medianMs,
  sigma,
  isLearned: false,
})

/** A whole pool of image models; its p5..p95 is 5 to 60 seconds. */
const imagePrior = guess(17_300, 0.76)

/** Guesses by the kind of job, wide on purpose: one kind covers models of very different speed. */
const priorByJobType: ReadonlyMap<string, DurationExpectation> = new Map([
  ...[
    "generate-prompt",
    "image-prompt",
    "translate",
    "caption",
    "caption-llava",
    "describe-style",
    "embed",
  ].map((type) => [type, guess(3_000, 0.6)] as const),
  ...["remove-background", "pixelate", "detection", "segment", "patch-image"].map(
    (type) => [type, guess(6_000, 0.7)] as const,
  ),
  ...["splat", "skybox-3d", "mesh-preview-rendering"].map((type) => [type, guess(120_000, 1)] as const),
  ["workflow", guess(60_000, 1.2)],
  ["custom", guess(20_000, 1.2)],
])

const priorOf = (jobType: string | undefined): DurationExpectation =>
  priorByJobType.get(jobType ?? "custom") ?? imagePrior
