import { Generations, Jobs, Assets, DurationHistory } from "@scenario-automation/core"
import { Clock, Effect } from "effect"
import { InMemoryApi } from "../world/InMemoryApi.ts"
import { VirtualTime } from "../world/VirtualTime.ts"
import { assumptions, type PlannedJob } from "../world/workload.ts"
import type { FleetRun } from "./FleetRun.ts"
import { toHistory, createLibrary, waitForJobs } from "./library.ts"

const createApi = (time: VirtualTime) =>
  new InMemoryApi({
    now: () => time.now,
    sleep: time.sleep,
    requestsPerMinute: assumptions.requestsPerMinute,
  })

/**
 * Runs the library over jobs that were just submitted. `dilution` 3 adds two jobs of other users for each of them. The
 * library knows ten earlier jobs of each model in `past`.
 */
export const simulateLibraryFleet = async (
  jobs: ReadonlyArray<PlannedJob>,
  dilution: number,
  past = jobs,
): Promise<FleetRun> => {
  const time = new VirtualTime()
  const api = createApi(time)
  const beginning = time.now
  const fleet = jobs.map((job, index) => {
    const createdAt = beginning - (jobs.length - index)
    for (let external = 1; external < dilution; external++) {
      api.add({ modelId: "model_foreign", durationMs: job.durationMs, createdAt, isOurs: false })
    }
    return { jobId: api.add({ ...job, createdAt }), createdAt, modelId: job.modelId }
  })
  const seen = await time.run(() => waitForJobs(api, fleet, past))
  return {
    requests: api.requests,
    refused: api.counts.refused,
    busiestMinute: api.busiestMinute(),
    delaysMs: seen.map((at, index) => at - api.getEndTime(fleet[index]?.jobId ?? "")),
    drainMs: Math.max(...seen) - beginning,
  }
}

/** The same, but the submits also spend from the request budget, which delays the jobs' creation. */
export const simulateSubmittedFleet = async (jobs: ReadonlyArray<PlannedJob>): Promise<FleetRun> => {
  const time = new VirtualTime()
  const api = createApi(time)
  api.plan(jobs)
  const beginning = time.now
  const run = Effect.gen(function* () {
    const history = yield* DurationHistory
    history.import(toHistory(jobs))
    const generations = yield* Generations
    const waits = yield* Jobs
    const assets = yield* Assets
    return yield* Effect.forEach(
      jobs,
      ({ modelId }) =>
        Effect.gen(function* () {
          const request = { endpoint: "txt2img", inputs: { modelId, prompt: "a red house" } } as const
          const { job } = yield* generations.submit(request, { queueTimeout: "2 hours" })
          yield* assets.resolve(yield* waits.waitFor(job, { timeout: "6 hours" }))
          return { jobId: job.jobId, at: yield* Clock.currentTimeMillis }
        }),
      { concurrency: "unbounded" },
    )
  }).pipe(Effect.provide(createLibrary(api.fetch)))
  const seen = await time.run(() => Effect.runPromise(run))
  return {
    requests: api.requests,
    refused: api.counts.refused,
    busiestMinute: api.busiestMinute(),
    delaysMs: seen.map(({ jobId, at }) => at - api.getEndTime(jobId)),
    drainMs: Math.max(...seen.map(({ at }) => at)) - beginning,
  }
}
