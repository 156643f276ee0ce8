import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { prompt, seeded, submit } from "./support/generations.ts"
import { simulate, simulatedTest } from "./support/simulation.ts"

const modelId = "model_flux-composer"
const requestKey = "order 7"

const submitWithKey = (request: GenerationRequest = seeded) => submit(request, { requestKey })

/** The seed for the key, as another process would send it. */
const getSeed = simulate({}, function* () {
  return (yield* submitWithKey()).seed
})

/** Adds a job that another process submitted with the same key. */
const addJobWithKey = (simulator: Simulator, seed: number | undefined, jobPrompt = prompt) =>
  simulator.addJob({
    modelId,
    input: { prompt: jobPrompt, seed: seed ?? 0 },
    ageMs: 20_000,
    assetIds: ["asset_1"],
  })

const addOtherJobs = (simulator: Simulator, count: number) => {
  for (let index = 0; index < count; index++) {
    simulator.addJob({ modelId, input: { prompt: "another", seed: index + 1 }, ageMs: 1_000 + index })
  }
}

describe("requestKey", () => {
  it.effect.each([
    ["30 newer jobs are listed without inputs", "list-without-inputs", 1, 30],
    ["one read of a job fails", "unavailable", 1, 3],
  ] as const)("resumes the job of another process, even if %s", ([, fault, times, newerJobs]) =>
    Effect.gen(function* () {
      const seed = yield* getSeed
      yield* simulate({}, function* (simulator) {
        const first = addJobWithKey(simulator, seed)
        addOtherJobs(simulator, newerJobs)
        simulator.faults.rate("list-without-inputs", 1)
        if (fault === "unavailable") simulator.faults.next(fault, { path: `/jobs/${first}`, times })
        assert.strictEqual((yield* submitWithKey()).job.jobId, first)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      })
    }),
  )

  simulatedTest("sends nothing if a recent job can't be read", function* (simulator) {
    addOtherJobs(simulator, 3)
    simulator.faults.rate("list-without-inputs", 1)
    simulator.faults.rate("unavailable", 1, { path: /\/jobs\/./ })
    const error = yield* Effect.flip(submitWithKey())
    assert.match(error.message, /^Nothing was sent: an earlier submit with the same requestKey/)
    assert.strictEqual(simulator.ledger().paidJobs, 0)
  })

  it.effect("is rejected if its job has other inputs, in any process", () =>
    Effect.gen(function* () {
      const seed = yield* getSeed
      yield* simulate({}, function* (simulator) {
        const first = addJobWithKey(simulator, seed, "a cat")
        const error = yield* expectFailure(submitWithKey(), "InvalidInput")
        assert.include(error.message, first)
      })
      yield* simulate({}, function* (simulator) {
        yield* submitWithKey()
        yield* expectFailure(submitWithKey({ model: modelId, inputs: { prompt: "a cat" } }), "InvalidInput")
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      })
    }),
  )

  simulatedTest(
    "pays once in a process even if the model changes the seed, and then rejects other keys",
    function* (simulator) {
      simulator.faults.rate("changed-seed", 1)
      const first = yield* submitWithKey()
      assert.strictEqual((yield* submitWithKey()).job.jobId, first.job.jobId)
      const other = submit(seeded, { requestKey: "order 8" })
      yield* expectFailure(other, "InvalidInput")
      assert.strictEqual(simulator.ledger().paidJobs, 1)
    },
  )

  simulatedTest("is rejected for a model without a seed", function* (simulator) {
    yield* expectFailure(
      submitWithKey({ model: "model_canvas-image-2", inputs: { prompt: "a cat" } }),
      "InvalidInput",
    )
    assert.strictEqual(simulator.ledger().paidJobs, 0)
  })
})
