import { assert, describe, it } from "@effect/vitest"
import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { Models } from "../src/account/Models.ts"
import type { ApiErrorReason } from "../src/ApiErrorReason.ts"
import { Generations } from "../src/submit/Generations.ts"
import { simulate } from "./support/simulation.ts"

const list = Models.use((models) => models.page({ pageSize: 1 }))

describe("an error of the API", () => {
  it.effect.each<
    readonly [fault: FaultName, tag: ApiErrorReason["_tag"], words: RegExp, options?: FaultOptions]
  >([
    ["model-restricted", "PlanRequired", /change the plan/],
    ["access-denied", "Unauthorized", /key and secret/],
    ["missing-token", "Unreachable", /base URL is wrong/],
    ["forbidden", "Forbidden", /Check the project/],
    ["documented-error", "Rejected", /The prompt is too long/, { value: "status" }],
    ["documented-error", "Rejected", /The prompt is too long/, { value: "statusCode" }],
    ["documented-error", "Rejected", /The prompt is too long/, { value: "reason" }],
  ])("is known by its marker, and doesn't invite a repetition (%s: %s)", ([fault, tag, words, options]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, options)
        const error = yield* Effect.flip(list)
        assert.strictEqual(error._tag === "ApiError" && error.reason._tag, tag)
        assert.match(error.message, words)
        assert.isFalse(error.isRetryable)
        assert.strictEqual(simulator.requests().length, 1)
      }),
    ),
  )

  it.effect.each([404, 410])(
    "of an older endpoint that is gone (%i) says which models do the same",
    (status) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next("gone-endpoint", { path: "/generate/", status })
          const generations = yield* Generations
          const inputs = { modelId: "model_flux-1-dev", prompt: "a red house" }
          const error = yield* Effect.flip(generations.submit({ endpoint: "txt2img", inputs }))
          assert.include(error.message, "txt2img isn't available to this account")
          assert.include(error.message, "Run a model that makes images from text")
          assert.strictEqual(simulator.ledger().paidJobs, 0)
        }),
      ),
  )

  it.effect.each(["model-restricted", "access-denied", "missing-token"] as const)(
    "that refuses a submit leaves nothing in doubt (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next(fault, { path: "/generate/" })
          const generations = yield* Generations
          const error = yield* Effect.flip(
            generations.submit({ model: "model_canvas-image-2", inputs: { prompt: "a red house" } }),
          )
          assert.strictEqual(error._tag, "ApiError")
          assert.strictEqual(simulator.ledger().paidJobs, 0)
        }),
      ),
  )
})
