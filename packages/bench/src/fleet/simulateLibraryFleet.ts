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
 * The library over jobs that were submitted just before, each with so many jobs of other people's beside it. Of the models
 * of `past` ten earlier jobs are known.
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
    for (let foreign = 1; foreign < dilution; foreign++) {
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

/** The same with the submits inside the budget: the jobs are born as it lets them. */
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
