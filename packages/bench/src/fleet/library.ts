import {
  ApiHttp,
  Assets,
  CdnHttp,
  DurationHistory,
  Jobs,
  Scenario,
  type InvalidInput,
  type ScenarioServices,
  ScenarioConfig,
} from "@scenario-automation/core"
import { Clock, Effect, Layer, Redacted } from "effect"
import type { InMemoryApi } from "../world/InMemoryApi.ts"
import type { PlannedJob } from "../world/workload.ts"

/**
 * Waits for all jobs at once with the whole library, and returns when each job's end was known or its asset was
 * available.
 */
export const waitForJobs = (
  api: Pick<InMemoryApi, "fetch">,
  jobs: ReadonlyArray<{ readonly jobId: string; readonly createdAt: number; readonly modelId: string }>,
  past: ReadonlyArray<PlannedJob>,
  withAssets = true,
): Promise<ReadonlyArray<number>> =>
  Effect.gen(function* () {
    const history = yield* DurationHistory
    history.import(toHistory(past))
    const waits = yield* Jobs
    const assets = yield* Assets
    return yield* Effect.forEach(
      jobs,
      ({ jobId, createdAt, modelId }) =>
        waits
          .waitFor({ jobId, submittedAt: new Date(createdAt).toISOString(), modelId }, { timeout: "6 hours" })
          .pipe(
            Effect.tap((finished) => (withAssets ? assets.resolve(finished) : Effect.void)),
            Effect.andThen(Clock.currentTimeMillis),
          ),
      { concurrency: "unbounded" },
    )
  }).pipe(Effect.provide(createLibrary(api.fetch)), Effect.runPromise)

export const createLibrary = (
  fetch: typeof globalThis.fetch,
  baseUrl = "http://api.example/v1",
): Layer.Layer<ScenarioServices, InvalidInput> =>
  Scenario.layer.pipe(
    Layer.provideMerge(
      ScenarioConfig.layer({ apiKey: Redacted.make("key"), apiSecret: Redacted.make("secret"), baseUrl }),
    ),
    Layer.provide([ApiHttp.layerFetch(fetch), CdnHttp.layerFetch(fetch)]),
  )

/** The stored history of ten finished jobs for each model. */
export const toHistory = (jobs: ReadonlyArray<PlannedJob>) => ({
  version: 1,
  models: [...new Map(jobs.map((job) => [job.modelId, job.past]))].map(([key, past]) => ({
    key,
    jobs: past.map((totalMs) => ({ totalMs, runMs: 0, isOwn: true })),
  })),
})
