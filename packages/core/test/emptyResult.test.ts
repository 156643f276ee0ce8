import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { EmptyResult } from "../src/errors.ts"
import { generate, resume } from "../src/generate.ts"
import { Generations } from "../src/submit/Generations.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { getPolls } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

const house = { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house" } } as const

describe("a success with nothing usable", () => {
  simulatedTest("fails a generation with the job and its cost", function* (simulator) {
    simulator.planNextJob({ assetCount: 0 })
    const error = yield* Effect.flip(generate(house))
    assert.instanceOf(error, EmptyResult)
    const { job, cost, isRetryable, message } = error
    assert.strictEqual(job.jobId, simulator.jobs()[0]?.["jobId"])
    assert.strictEqual(cost, simulator.ledger().entries[0]?.price)
    assert.isFalse(isRetryable)
    assert.include(message, `cost ${cost} compute units, but it has no file`)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("reports the error text that the API adds to the success", function* (simulator) {
    simulator.planNextJob({ assetCount: 0, error: "All results were filtered" })
    const error = yield* Effect.flip(generate(house))
    assert.include(error.message, "Scenario says: All results were filtered.")
  })

  simulatedTest("fails resume, but not waitFor", function* (simulator) {
    simulator.planNextJob({ assetCount: 0 })
    const { job } = yield* Generations.use((generations) => generations.submit(house))
    const finished = yield* Jobs.use((jobs) => jobs.waitFor(job))
    assert.deepStrictEqual(finished.assetIds, [])
    yield* expectFailure(resume(job.jobId), "EmptyResult")
  })

  simulatedTest.each(["upload", "model-training", "generate-prompt", "assets-download"])(
    "isn't an error for a job of type %s",
    function* (simulator, jobType) {
      const jobId = simulator.addJob({ jobType, ageMs: 60_000 })
      assert.deepStrictEqual((yield* resume(jobId)).assets, [])
    },
  )

  simulatedTest("isn't an error if the job has an output", function* (simulator) {
    const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000, output: { text: "a poem" } })
    assert.deepStrictEqual((yield* resume(jobId)).output, { text: "a poem" })
  })
})

describe("a success that names no file yet", () => {
  const finishedJob = (simulator: Simulator, jobType = "custom") =>
    simulator.addJob({ jobType, ageMs: 60_000, assetIds: [simulator.addAsset({})] })

  simulatedTest.each([1, 2])(
    "is read again until it names its files, if it lacks them %i times",
    function* (simulator, times) {
      simulator.faults.next("late-result", { times })
      const { assets } = yield* resume(finishedJob(simulator))
      assert.strictEqual(assets.length, 1)
      assert.strictEqual(getPolls(simulator).length, times + 1)
    },
  )

  simulatedTest("counts as empty after two more reads, within a few seconds", function* (simulator) {
    const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000 })
    const begunAt = yield* Clock.currentTimeMillis
    yield* expectFailure(resume(jobId), "EmptyResult")
    assert.strictEqual(getPolls(simulator).length, 3)
    assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 5_000)
  })

  simulatedTest("counts as empty at once if such a job creates no file", function* (simulator) {
    const jobId = simulator.addJob({ jobType: "model-training", ageMs: 60_000 })
    assert.deepStrictEqual((yield* resume(jobId)).assets, [])
    assert.strictEqual(getPolls(simulator).length, 1)
  })

  simulatedTest("counts as empty at the deadline, instead of timing out", function* (simulator) {
    const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000 })
    const begunAt = yield* Clock.currentTimeMillis
    const finished = yield* Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "2 seconds" }))
    assert.deepStrictEqual(finished.assetIds, [])
    assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 3_000)
  })

  simulatedTest.each(["hang", "vanished-job", "server-error"] as const)(
    "counts as empty if the job can no longer be read (%s)",
    function* (simulator, fault) {
      const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000 })
      const waiting = yield* Effect.forkChild(
        Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "20 seconds" })),
      )
      yield* Effect.sleep("600 millis")
      assert.strictEqual(getPolls(simulator).length, 1)
      simulator.faults.rate(fault, 1)
      assert.deepStrictEqual((yield* Fiber.join(waiting)).assetIds, [])
    },
  )
})

describe("a success with an error text", () => {
  simulatedTest("has the text in its snapshot", function* (simulator) {
    simulator.planNextJob({ error: "One of two results was filtered" })
    const { assets, snapshot } = yield* generate(house)
    assert.strictEqual(assets.length, 1)
    assert.strictEqual(snapshot?.error, "One of two results was filtered")
  })
})

describe("the legacy result.images", () => {
  simulatedTest.each(["ids", "urls"])("names the assets (%s)", function* (simulator, value) {
    simulator.faults.rate("legacy-result", 1, { value })
    const { assets } = yield* generate(house)
    assert.deepStrictEqual(
      assets.map(({ assetId }) => assetId),
      simulator.assets().map((asset) => asset["id"]),
    )
  })
})
