import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { EmptyResult } from "../src/errors.ts"
import { generate, resume } from "../src/generate.ts"
import { Generations } from "../src/submit/Generations.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { pollsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const house = { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house" } } as const

describe("a success with nothing usable", () => {
  it.effect("ends a generation in an error with the job and its cost", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ assetCount: 0 })
        const error = yield* Effect.flip(generate(house))
        assert.instanceOf(error, EmptyResult)
        const { job, cost, isRetryable, message } = error
        assert.strictEqual(job.jobId, simulator.jobs()[0]?.["jobId"])
        assert.strictEqual(cost, simulator.ledger().entries[0]?.price)
        assert.isFalse(isRetryable)
        assert.include(message, `was charged ${cost} compute units, but it names no file`)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("says what the API says beside the success", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ assetCount: 0, error: "All results were filtered" })
        const error = yield* Effect.flip(generate(house))
        assert.include(error.message, "Scenario says: All results were filtered.")
      }),
    ),
  )

  it.effect("ends the rest of the trip in the same error, but not a wait", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ assetCount: 0 })
        const { job } = yield* Generations.use((generations) => generations.submit(house))
        const finished = yield* Jobs.use((jobs) => jobs.waitFor(job))
        assert.deepStrictEqual(finished.assetIds, [])
        assert.strictEqual((yield* Effect.flip(resume(job.jobId)))._tag, "EmptyResult")
      }),
    ),
  )

  it.effect.each(["upload", "model-training", "generate-prompt", "assets-download"])(
    "is fine for a job of type %s",
    (jobType) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          const jobId = simulator.addJob({ jobType, ageMs: 60_000 })
          assert.deepStrictEqual((yield* resume(jobId)).assets, [])
        }),
      ),
  )

  it.effect("isn't one if the job has an output", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000, output: { text: "a poem" } })
        assert.deepStrictEqual((yield* resume(jobId)).output, { text: "a poem" })
      }),
    ),
  )
})

describe("a success that names no file yet", () => {
  const finishedJob = (simulator: Simulator, jobType = "custom") =>
    simulator.addJob({ jobType, ageMs: 60_000, assetIds: [simulator.addAsset({})] })

  it.effect.each([1, 2])("is read again until it does: it lacks its files %i times", (times) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("late-result", { times })
        const { assets } = yield* resume(finishedJob(simulator))
        assert.strictEqual(assets.length, 1)
        assert.strictEqual(pollsIn(simulator).length, times + 1)
      }),
    ),
  )

  it.effect("is believed after two more reads, within a few seconds", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000 })
        const begun = yield* Clock.currentTimeMillis
        assert.strictEqual((yield* Effect.flip(resume(jobId)))._tag, "EmptyResult")
        assert.strictEqual(pollsIn(simulator).length, 3)
        assert.isAtMost((yield* Clock.currentTimeMillis) - begun, 5_000)
      }),
    ),
  )

  it.effect("is believed at once if such a job makes no file", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ jobType: "model-training", ageMs: 60_000 })
        assert.deepStrictEqual((yield* resume(jobId)).assets, [])
        assert.strictEqual(pollsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("is believed at the deadline, and isn't a time-out", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000 })
        const begun = yield* Clock.currentTimeMillis
        const finished = yield* Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "2 seconds" }))
        assert.deepStrictEqual(finished.assetIds, [])
        assert.isAtMost((yield* Clock.currentTimeMillis) - begun, 3_000)
      }),
    ),
  )

  it.effect.each(["hang", "vanished-job", "server-error"] as const)(
    "is believed if the job can't be read any more (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          const jobId = simulator.addJob({ jobType: "custom", ageMs: 60_000 })
          const waiting = yield* Effect.forkChild(
            Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "20 seconds" })),
          )
          yield* Effect.sleep("600 millis")
          assert.strictEqual(pollsIn(simulator).length, 1)
          simulator.faults.rate(fault, 1)
          assert.deepStrictEqual((yield* Fiber.join(waiting)).assetIds, [])
        }),
      ),
  )
})

describe("a success with an error beside it", () => {
  it.effect("shows it on the snapshot", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ error: "One of two results was filtered" })
        const { assets, snapshot } = yield* generate(house)
        assert.strictEqual(assets.length, 1)
        assert.strictEqual(snapshot?.error, "One of two results was filtered")
      }),
    ),
  )
})

describe("the legacy result.images", () => {
  it.effect.each(["ids", "urls"])("names the assets (%s)", (value) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("legacy-result", 1, { value })
        const { assets } = yield* generate(house)
        assert.deepStrictEqual(
          assets.map(({ assetId }) => assetId),
          simulator.assets().map((asset) => asset["id"]),
        )
      }),
    ),
  )
})
