import { Jobs } from "@scenario-automation/core"
import { Effect, Fiber } from "effect"
import { createLibrary } from "../fleet/library.ts"
import { VirtualTime } from "../world/VirtualTime.ts"

/**
 * Prints the CPU time of one poll, in microseconds: `ours` is the library, `loop` uses a promise, a timer, and a `fetch`
 * each. Both get the same immediate response and use the same virtual clock. Run in a separate process.
 */
const waits = 5
/** Ten thousand polls: startup no longer matters. */
const minutes = 1_000
/** The interval of the loop. */
const gapMs = 30_000

let polls = 0
const answer = JSON.stringify({
  job: { jobId: "job_1", jobType: "custom", status: "in-progress", progress: 0, metadata: { assetIds: [] } },
})
const fetch: typeof globalThis.fetch = async () => {
  polls += 1
  return new Response(answer, { headers: { "content-type": "application/json" } })
}

const loop = async (time: VirtualTime) => {
  const endsAt = time.now + minutes * 60_000
  const wait = async () => {
    while (time.now < endsAt) {
      const response = await fetch("http://api.example/v1/jobs/job_1")
      JSON.parse(await response.text())
      await new Promise((resolve) => setTimeout(resolve, gapMs))
    }
  }
  await Promise.all(Array.from({ length: waits }, wait))
}

const ours = () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs
    const fibers = yield* Effect.forEach(Array.from({ length: waits }).keys(), (index) =>
      Effect.forkChild(jobs.waitFor(`job_${index}`, { timeout: "20 hours" })),
    )
    yield* Effect.sleep(`${minutes} minutes`)
    yield* Fiber.interruptAll(fibers)
  }).pipe(Effect.provide(createLibrary(fetch)), Effect.runPromise)

const time = new VirtualTime()
const before = process.cpuUsage()
await time.run(() => (process.argv[2] === "ours" ? ours() : loop(time)))
const { user, system } = process.cpuUsage(before)
console.log((user + system) / polls)
process.exit(0)
