import { assert, describe } from "@effect/vitest"
import type { FaultName, FaultOptions, Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { estimate, prompt, seedless, submit } from "./support/generations.ts"
import { simulatedTest } from "./support/simulation.ts"

const countDryRuns = (simulator: Simulator) =>
  simulator.requests().filter(({ query }) => query["dryRun"] !== undefined).length

describe("a dry run", () => {
  simulatedTest.each([undefined, "plain-dry-run", "payment-dry-run", "empty-job-dry-run"] as const)(
    "returns the price from any form of response (%s)",
    function* (simulator, fault) {
      const usual = yield* estimate(seedless)
      if (fault !== undefined) simulator.faults.next(fault)
      assert.strictEqual(yield* estimate(seedless), usual)
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )

  simulatedTest.each(["plain-dry-run", "payment-dry-run", "empty-job-dry-run"] as const)(
    "of a workflow returns the price from any form of response, even as text (%s)",
    function* (simulator, fault) {
      simulator.faults.rate(fault, 1)
      simulator.faults.rate("text-amounts", 1)
      const request = { workflow: "wflow_sprite-sheet", inputs: { prompt } }
      const quoted = yield* estimate(request)
      const submission = yield* submit(request, { maxCost: quoted })
      assert.strictEqual(submission.cost, quoted)
      assert.strictEqual(simulator.ledger().spent, quoted)
    },
  )

  simulatedTest("reports a 402 without a price as PlanRequired", function* (simulator) {
    simulator.faults.next("plan-required")
    yield* expectApiError(estimate(seedless), "PlanRequired")
  })

  simulatedTest.each(["connection-reset", "hang", "server-error", "empty-body"] as const)(
    "whose response is lost says that it may have run, and that nothing was submitted (%s)",
    function* (simulator, fault) {
      simulator.faults.next(fault, { path: "/generate/" })
      const error = yield* Effect.flip(submit(seedless, { maxCost: 1_000, totalTimeout: "20 seconds" }))
      assert.include(error.message, "nothing was submitted")
      assert.include(error.message, "may have carried it out")
      assert.isFalse(
        error._tag === "ApiError" && error.reason._tag === "Unreachable" && error.reason.neverSent,
      )
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )

  simulatedTest("that ran a paid job is reported with the job, and never repeated", function* (simulator) {
    simulator.faults.rate("ignored-dry-run", 1)
    const error = yield* expectFailure(submit(seedless, { maxCost: 1_000 }), "DryRunCharged")
    assert.include(error.message, simulator.ledger().entries[0]?.jobId ?? "none")
    assert.isFalse(error.isRetryable)
    const refused = yield* expectFailure(estimate(seedless), "InvalidInput")
    assert.include(refused.message, error.job.jobId)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest.each<readonly [fault: FaultName, options?: FaultOptions]>([
    ["empty-body"],
    ["malformed-json"],
    ["server-error"],
    ["bad-gateway-html"],
    ["connection-reset"],
    ["truncated-body"],
  ])(
    "is not repeated before the endpoint has answered a dry run without charging (%s)",
    function* (simulator, [fault, options]) {
      simulator.faults.next(fault, { path: "/generate/", ...options })
      yield* expectFailure(estimate(seedless), "ApiError")
      assert.strictEqual(countDryRuns(simulator), 1)
    },
  )

  simulatedTest(
    "is repeated after a lost response once the endpoint has answered one",
    function* (simulator) {
      const usual = yield* estimate(seedless)
      simulator.faults.next("server-error", { path: "/generate/" })
      assert.strictEqual(yield* estimate(seedless), usual)
      assert.strictEqual(countDryRuns(simulator), 3)
    },
  )

  simulatedTest("is never repeated after a 2xx without a price", function* (simulator) {
    yield* estimate(seedless)
    simulator.faults.next("empty-body", { path: "/generate/" })
    yield* Effect.flip(estimate(seedless))
    assert.strictEqual(countDryRuns(simulator), 2)
  })

  simulatedTest("is repeated after a refusal by rate, which ran nothing", function* (simulator) {
    simulator.faults.next("rate-limited", { path: "/generate/" })
    yield* estimate(seedless)
    assert.strictEqual(countDryRuns(simulator), 2)
  })
})
