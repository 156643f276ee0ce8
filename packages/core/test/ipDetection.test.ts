import { assert, describe } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { generate } from "../src/generate.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { estimate, seedless, submit } from "./support/generations.ts"
import { simulatedTest } from "./support/simulation.ts"

/** The simulator's fee for one detection, in compute units. */
const fee = 1.5

const countDetections = (simulator: Simulator) =>
  simulator.requests().filter(({ query }) => query["ipDetection"] !== undefined).length

describe("the IP detection", () => {
  simulatedTest("is off by default, and then not charged", function* (simulator) {
    yield* submit(seedless, { maxCost: 1_000 })
    assert.strictEqual(countDetections(simulator), 0)
    assert.strictEqual(simulator.ledger().fees, 0)
  })

  simulatedTest("is part of the price and of the reported cost", function* (simulator) {
    const plain = yield* estimate(seedless)
    const generated = yield* generate(seedless, { ipDetection: true })
    const { spent, fees } = simulator.ledger()
    assert.strictEqual(fees, fee)
    assert.strictEqual(spent, plain + fee)
    assert.strictEqual(generated.cost, spent)
    assert.deepInclude(generated.ipDetection, { action: "allowed", charged: fee })
    const priced = yield* estimate(seedless, { ipDetection: true })
    assert.strictEqual(priced, plain + fee)
  })

  simulatedTest("counts against maxCost, and is charged once", function* (simulator) {
    const plain = yield* estimate(seedless)
    const submission = yield* submit(seedless, { maxCost: plain + fee, ipDetection: true })
    assert.strictEqual(simulator.ledger().spent, plain + fee)
    assert.strictEqual(submission.cost, plain + fee)
    assert.deepInclude(submission.ipDetection, { action: "allowed", charged: fee })
  })

  simulatedTest(
    "makes a generation too expensive if only the price without its fee is within maxCost",
    function* (simulator) {
      const plain = yield* estimate(seedless)
      const error = yield* Effect.flip(submit(seedless, { maxCost: plain + 1, ipDetection: true }))
      assert.deepInclude(error, { _tag: "CostTooHigh", estimate: plain + fee })
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )

  simulatedTest("is not charged if the price without its fee is above maxCost", function* (simulator) {
    yield* expectFailure(submit(seedless, { maxCost: 0, ipDetection: true }), "CostTooHigh")
    assert.strictEqual(simulator.ledger().spent, 0)
  })

  simulatedTest("is part of the price even if amounts are text, in a 402", function* (simulator) {
    const plain = yield* estimate(seedless)
    simulator.faults.rate("text-amounts", 1)
    simulator.faults.rate("payment-dry-run", 1)
    const priced = yield* estimate(seedless, { ipDetection: true })
    assert.strictEqual(priced, plain + fee)
  })

  simulatedTest.each([{ maxCost: 1_000 }, {}])(
    "reports what it blocked, and submits nothing (%j)",
    function* (simulator, options) {
      simulator.faults.rate("ip-blocked", 1)
      const error = yield* expectFailure(submit(seedless, { ...options, ipDetection: true }), "ApiError")
      assert.include(error.message, "IP detection blocked")
      assert.include(error.message, "Plumber in red")
      assert.isFalse(error.isRetryable)
      assert.strictEqual(simulator.ledger().paidJobs, 0)
      assert.strictEqual(countDetections(simulator), 1)
    },
  )

  simulatedTest("reports what it flagged with the submission", function* (simulator) {
    simulator.faults.next("ip-flagged")
    const { ipDetection } = yield* submit(seedless, { ipDetection: true })
    assert.strictEqual(ipDetection?.action, "flagged")
    assert.strictEqual(ipDetection?.findings.length, 1)
  })

  simulatedTest(
    "is not requested again after a lost response, because it may have been charged",
    function* (simulator) {
      yield* estimate(seedless)
      simulator.faults.next("server-error", { path: "/generate/", times: 9 })
      yield* Effect.flip(estimate(seedless, { ipDetection: true }))
      assert.strictEqual(countDetections(simulator), 1)
    },
  )
})
