import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { generate } from "../src/generate.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { simulate } from "./support/simulation.ts"

const redHouse: GenerationRequest = { model: "model_canvas-image-2", inputs: { prompt: "a red house" } }

/** The simulator's fee for one detection, in compute units. */
const fee = 1.5

const estimate = Generations.use((generations) => generations.estimate(redHouse))

const submit = (options: SubmitOptions) =>
  Generations.use((generations) => generations.submit(redHouse, options))

const detections = (simulator: Simulator) =>
  simulator.requests().filter(({ query }) => query["ipDetection"] !== undefined).length

describe("the IP detection", () => {
  it.effect("is off by default: nothing is sent and nothing is charged for it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* submit({ maxCost: 1_000 })
        assert.strictEqual(detections(simulator), 0)
        assert.strictEqual(simulator.ledger().fees, 0)
      }),
    ),
  )

  it.effect("is part of the price, and of what the generation reports as its cost", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const plain = yield* estimate
        const generated = yield* generate(redHouse, { ipDetection: true })
        const { spent, fees } = simulator.ledger()
        assert.strictEqual(fees, fee)
        assert.strictEqual(spent, plain + fee)
        assert.strictEqual(generated.cost, spent)
        assert.deepInclude(generated.ipDetection, { action: "allowed", charged: fee })
        const priced = yield* Generations.use((generations) =>
          generations.estimate(redHouse, { ipDetection: true }),
        )
        assert.strictEqual(priced, plain + fee)
      }),
    ),
  )

  it.effect("counts against the limit, and is charged once within it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const plain = yield* estimate
        const submission = yield* submit({ maxCost: plain + fee, ipDetection: true })
        assert.strictEqual(simulator.ledger().spent, plain + fee)
        assert.strictEqual(submission.cost, plain + fee)
        assert.deepInclude(submission.ipDetection, { action: "allowed", charged: fee })
      }),
    ),
  )

  it.effect("makes a generation too expensive whose price alone is within the limit", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const plain = yield* estimate
        const error = yield* Effect.flip(submit({ maxCost: plain + 1, ipDetection: true }))
        assert.deepInclude(error, { _tag: "CostTooHigh", estimate: plain + fee })
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )

  it.effect("is not paid for when the price alone is above the limit", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(submit({ maxCost: 0, ipDetection: true }))
        assert.strictEqual(error._tag, "CostTooHigh")
        assert.strictEqual(simulator.ledger().spent, 0)
      }),
    ),
  )

  it.effect("reads its fee as text, and beside a 402 with a price", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const plain = yield* estimate
        simulator.faults.rate("text-amounts", 1)
        simulator.faults.rate("payment-dry-run", 1)
        const priced = yield* Generations.use((generations) =>
          generations.estimate(redHouse, { ipDetection: true }),
        )
        assert.strictEqual(priced, plain + fee)
      }),
    ),
  )

  it.effect.each([{ maxCost: 1_000 }, {}])("says what it blocked, and submits nothing (%j)", (options) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("ip-blocked", 1)
        const error = yield* Effect.flip(submit({ ...options, ipDetection: true }))
        assert.strictEqual(error._tag, "ApiError")
        assert.include(error.message, "IP detection blocked")
        assert.include(error.message, "Plumber in red")
        assert.isFalse(error.isRetryable)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
        assert.strictEqual(detections(simulator), 1)
      }),
    ),
  )

  it.effect("shows what it flagged with the submission", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("ip-flagged")
        const { ipDetection } = yield* submit({ ipDetection: true })
        assert.strictEqual(ipDetection?.action, "flagged")
        assert.strictEqual(ipDetection?.findings.length, 1)
      }),
    ),
  )

  it.effect("is not asked for again after a lost response, because it may have been charged", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* estimate
        simulator.faults.next("server-error", { path: "/generate/", times: 9 })
        yield* Effect.flip(
          Generations.use((generations) => generations.estimate(redHouse, { ipDetection: true })),
        )
        assert.strictEqual(detections(simulator), 1)
      }),
    ),
  )
})
