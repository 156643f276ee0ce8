import { DurationHistory, Jobs } from "@scenario-automation/core"
import { Effect, Fiber } from "effect"
import { toHistory, createLibrary } from "../fleet/library.ts"
import { InMemoryApi } from "../world/InMemoryApi.ts"
import { VirtualTime } from "../world/VirtualTime.ts"
import { createWorkload } from "../world/workload.ts"

/**
 * Prints the heap of 10,000 waits, in bytes: `loops` uses a promise and a timer each, `ours` is the library. Run in a
 * separate process, with --expose-gc.
 */
const waits = 10_000

const heap = (): number => {
  for (let round = 0; round < 4; round++) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const loops = async () => {
  const before = heap()
  let isOver = false
  const loop = async (jobId: string) => {
    while (!isOver) await new Promise((resolve) => setTimeout(resolve, 600_000, jobId))
  }
  const all = Array.from({ length: waits }, (_, index) => loop(`job_${index}`))
  await new Promise((resolve) => setTimeout(resolve, 50))
  const taken = heap() - before
  isOver = all.length === 0
  return taken
}

const ours = () => {
  const time = new VirtualTime()
  const api = new InMemoryApi({ now: () => time.now, sleep: time.sleep, requestsPerMinute: 100 })
  const jobs = createWorkload("video", waits, 5)
  const fleet = jobs.map((job, index) => ({
    jobId: api.add({ modelId: job.modelId, durationMs: 36_000_000 }),
    submittedAt: new Date(time.now - waits + index).toISOString(),
    modelId: job.modelId,
  }))
  const measure = Effect.gen(function* () {
    const history = yield* DurationHistory
    history.import(toHistory(jobs))
    const watched = yield* Jobs
    yield* Effect.sleep("1 second")
    const before = heap()
    const fibers = yield* Effect.forEach(fleet, (job) =>
      Effect.forkChild(watched.waitFor(job, { timeout: "10 hours" })),
    )
    // Long enough to poll every job once or twice.
    yield* Effect.sleep("20 minutes")
    const taken = heap() - before
    yield* Fiber.interruptAll(fibers)
    return taken
  })
  return time.run(() => Effect.runPromise(Effect.provide(measure, createLibrary(api.fetch))))
}

console.log(process.argv[2] === "ours" ? await ours() : await loops())
process.exit(0)
