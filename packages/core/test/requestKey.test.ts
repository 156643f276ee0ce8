import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import { simulate } from "./support/simulation.ts"

const modelId = "model_flux-composer"
const seeded: GenerationRequest = { model: modelId, inputs: { prompt: "a red house" } }
const requestKey = "order 7"

const submit = (request: GenerationRequest = seeded) =>
  Generations.use((generations) => generations.submit(request, { requestKey }))

/** The seed that belongs to the key: what another process has sent with it. */
const seedOfKey = simulate({}, () => Effect.map(submit(), ({ seed }) => seed))

/** A job that another process has submitted with the same key. */
const addJobOfKey = (simulator: Simulator, seed: number | undefined, prompt = "a red house") =>
  simulator.addJob({ modelId, input: { prompt, seed: seed ?? 0 }, ageMs: 20_000, assetIds: ["asset_1"] })

const addOtherJobs = (simulator: Simulator, count: number) => {
  for (let index = 0; index < count; index++) {
    simulator.addJob({ modelId, input: { prompt: "another", seed: index + 1 }, ageMs: 1_000 + index })
  }
}

describe("requestKey", () => {
  it.effect.each([
    ["30 newer jobs are listed without inputs", "list-without-inputs", 1, 30],
    ["one read of a job fails", "unavailable", 1, 3],
  ] as const)("resumes another process's job if %s", ([, fault, times, newerJobs]) =>
    Effect.gen(function* () {
      const seed = yield* seedOfKey
      yield* simulate({}, (simulator) =>
        Effect.gen(function* () {
          const first = addJobOfKey(simulator, seed)
          addOtherJobs(simulator, newerJobs)
          simulator.faults.rate("list-without-inputs", 1)
          if (fault === "unavailable") simulator.faults.next(fault, { path: `/jobs/${first}`, times })
          assert.strictEqual((yield* submit()).job.jobId, first)
          assert.strictEqual(simulator.ledger().paidJobs, 0)
        }),
      )
    }),
  )

  it.effect("sends nothing if not all recent jobs can be read", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        addOtherJobs(simulator, 3)
        simulator.faults.rate("list-without-inputs", 1)
        simulator.faults.rate("unavailable", 1, { path: /\/jobs\/./ })
        const error = yield* Effect.flip(submit())
        assert.match(error.message, /^Nothing was sent: an earlier submit with the same requestKey/)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )

  it.effect("refuses a key whose job has other inputs, whichever process submitted it", () =>
    Effect.gen(function* () {
      const seed = yield* seedOfKey
      yield* simulate({}, (simulator) =>
        Effect.gen(function* () {
          const first = addJobOfKey(simulator, seed, "a cat")
          const error = yield* Effect.flip(submit())
          assert.strictEqual(error._tag, "InvalidInput")
          assert.include(error.message, first)
        }),
      )
      yield* simulate({}, (simulator) =>
        Effect.gen(function* () {
          yield* submit()
          const error = yield* Effect.flip(submit({ model: modelId, inputs: { prompt: "a cat" } }))
          assert.strictEqual(error._tag, "InvalidInput")
          assert.strictEqual(simulator.ledger().paidJobs, 1)
        }),
      )
    }),
  )

  it.effect("pays once in a process though the model changes the seed, and then takes no other key", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("changed-seed", 1)
        const first = yield* submit()
        assert.strictEqual((yield* submit()).job.jobId, first.job.jobId)
        const other = Generations.use((generations) => generations.submit(seeded, { requestKey: "order 8" }))
        assert.strictEqual((yield* Effect.flip(other))._tag, "InvalidInput")
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("is refused for a model without a seed", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          submit({ model: "model_canvas-image-2", inputs: { prompt: "a cat" } }),
        )
        assert.strictEqual(error._tag, "InvalidInput")
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )
})
