import { assert, describe } from "@effect/vitest"
import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { Models } from "../src/account/Models.ts"
import type { ApiErrorReason } from "../src/ApiErrorReason.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { prompt, seedless, submit } from "./support/generations.ts"
import { simulatedTest } from "./support/simulation.ts"

const list = Models.use((models) => models.page({ pageSize: 1 }))

describe("an error of the API", () => {
  simulatedTest.each<
    readonly [fault: FaultName, tag: ApiErrorReason["_tag"], words: RegExp, options?: FaultOptions]
  >([
    ["model-restricted", "PlanRequired", /change the plan/],
    ["access-denied", "Unauthorized", /key and secret/],
    ["missing-token", "Unreachable", /base URL is wrong/],
    ["forbidden", "Forbidden", /Check the project/],
    ["documented-error", "Rejected", /The prompt is too long/, { value: "status" }],
    ["documented-error", "Rejected", /The prompt is too long/, { value: "statusCode" }],
    ["documented-error", "Rejected", /The prompt is too long/, { value: "reason" }],
  ])(
    "is recognized by its marker, and is not retryable (%s: %s)",
    function* (simulator, [fault, tag, words, options]) {
      simulator.faults.next(fault, options)
      const error = yield* expectApiError(list, tag)
      assert.match(error.message, words)
      assert.isFalse(error.isRetryable)
      assert.strictEqual(simulator.requests().length, 1)
    },
  )

  simulatedTest.each([404, 410])(
    "of a removed endpoint (%i) suggests models that do the same",
    function* (simulator, status) {
      simulator.faults.next("gone-endpoint", { path: "/generate/", status })
      const inputs = { modelId: "model_flux-1-dev", prompt }
      const error = yield* Effect.flip(submit({ endpoint: "txt2img", inputs }))
      assert.include(error.message, "txt2img isn't available to this account")
      assert.include(error.message, "Run a model that makes images from text")
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )

  simulatedTest.each(["model-restricted", "access-denied", "missing-token"] as const)(
    "that refuses a submit is an ApiError, and nothing is charged (%s)",
    function* (simulator, fault) {
      simulator.faults.next(fault, { path: "/generate/" })
      yield* expectFailure(submit(seedless), "ApiError")
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )
})
