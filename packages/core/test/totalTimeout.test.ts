import { assert, describe } from "@effect/vitest"
import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { Clock, Effect } from "effect"
import { generate } from "../src/generate.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { seedless, submit } from "./support/generations.ts"
import { simulatedTest } from "./support/simulation.ts"

const options = { totalTimeout: "25 seconds", maxCost: 1_000 } as const

describe("a submit with a total timeout", () => {
  simulatedTest.each<
    readonly [what: string, fault: FaultName, path: string, end: string, options?: FaultOptions]
  >([
    ["the check of the inputs hangs", "hang", "/models/", "ApiError"],
    ["the dry run hangs", "hang", "/generate/", "ApiError"],
    [
      "the inputs are checked late and the response is lost",
      "slow",
      "/models/",
      "SubmitUncertain",
      { delayMs: 9_000 },
    ],
    ["Scenario refuses every request", "rate-limited", "/generate/", "ApiError", { times: 99 }],
  ])(
    "ends in time when %s",
    { settings: { soleSubmitter: false } },
    function* (simulator, [, fault, path, end, faultOptions]) {
      simulator.faults.next(fault, { path, ...faultOptions })
      if (end === "SubmitUncertain") simulator.faults.next("lost-response")
      const begunAt = yield* Clock.currentTimeMillis
      const error = yield* Effect.flip(submit(seedless, options))
      assert.strictEqual(error._tag, end)
      assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 26_000)
      assert.strictEqual(simulator.ledger().paidJobs, end === "SubmitUncertain" ? 1 : 0)
    },
  )

  simulatedTest(
    "includes the search for a lost job in its time",
    { settings: { soleSubmitter: false } },
    function* (simulator) {
      simulator.faults.next("lost-response")
      simulator.faults.next("hang", { path: "/v1/jobs", times: 50 })
      const begunAt = yield* Clock.currentTimeMillis
      yield* expectFailure(submit(seedless, options), "SubmitUncertain")
      assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 26_000)
    },
  )

  simulatedTest("sends nothing if too little time is left", function* (simulator) {
    const error = yield* expectFailure(submit(seedless, { totalTimeout: "4 seconds" }), "ApiError")
    assert.include(error.message, "Nothing was sent")
    assert.strictEqual(simulator.ledger().paidJobs, 0)
  })
})

describe("a generation with a total timeout", () => {
  simulatedTest("ends in time with its job, even if the job still runs", function* (simulator) {
    simulator.planNextJob({ durationMs: 600_000 })
    const begunAt = simulator.now()
    const error = yield* expectFailure(generate(seedless, { totalTimeout: "30 seconds" }), "WaitTimedOut")
    assert.include(error.message, simulator.ledger().entries[0]?.jobId ?? "none")
    assert.isAtMost(simulator.now() - begunAt, 32_000)
  })

  simulatedTest("ends in time with its job, even if reading its assets hangs", function* (simulator) {
    simulator.planNextJob({ durationMs: 5_000 })
    simulator.faults.rate("hang", 1, { path: "/assets" })
    const begunAt = simulator.now()
    const error = yield* Effect.flip(generate(seedless, { totalTimeout: "30 seconds" }))
    assert.include(error.message, simulator.ledger().entries[0]?.jobId ?? "none")
    assert.isAtMost(simulator.now() - begunAt, 32_000)
  })
})
