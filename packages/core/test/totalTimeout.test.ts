import { assert, describe, it } from "@effect/vitest"
import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { Clock, Effect } from "effect"
import { generate } from "../src/generate.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import { simulate } from "./support/simulation.ts"

const redHouse: GenerationRequest = { model: "model_canvas-image-2", inputs: { prompt: "a red house" } }
const options = { totalTimeout: "25 seconds", maxCost: 1_000 } as const

describe("a submit with a time limit", () => {
  it.effect.each<
    readonly [what: string, fault: FaultName, path: string, end: string, options?: FaultOptions]
  >([
    ["the check of the inputs hangs", "hang", "/models/", "ApiError"],
    ["the question for the price hangs", "hang", "/generate/", "ApiError"],
    [
      "the inputs are checked late and the answer hangs",
      "slow",
      "/models/",
      "SubmitUncertain",
      { delayMs: 9_000 },
    ],
    ["Scenario takes nothing for now", "rate-limited", "/generate/", "ApiError", { times: 99 }],
  ])("is over in time when %s", ([, fault, path, end, faultOptions]) =>
    simulate({ settings: { soleSubmitter: false } }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { path, ...faultOptions })
        if (end === "SubmitUncertain") simulator.faults.next("lost-response")
        const generations = yield* Generations
        const begunAt = yield* Clock.currentTimeMillis
        const error = yield* Effect.flip(generations.submit(redHouse, options))
        assert.strictEqual(error._tag, end)
        assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 26_000)
        assert.strictEqual(simulator.ledger().paidJobs, end === "SubmitUncertain" ? 1 : 0)
      }),
    ),
  )

  it.effect("counts the look for a lost job", () =>
    simulate({ settings: { soleSubmitter: false } }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.next("hang", { path: "/v1/jobs", times: 50 })
        const generations = yield* Generations
        const begunAt = yield* Clock.currentTimeMillis
        const error = yield* Effect.flip(generations.submit(redHouse, options))
        assert.strictEqual(error._tag, "SubmitUncertain")
        assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 26_000)
      }),
    ),
  )

  it.effect("sends nothing when too little time is left", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const generations = yield* Generations
        const error = yield* Effect.flip(generations.submit(redHouse, { totalTimeout: "4 seconds" }))
        assert.strictEqual(error._tag, "ApiError")
        assert.include(error.message, "Nothing was sent")
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )
})

describe("a generation with a total timeout", () => {
  it.effect("ends in time with its job, though the job runs on", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 600_000 })
        const begunAt = simulator.now()
        const error = yield* Effect.flip(generate(redHouse, { totalTimeout: "30 seconds" }))
        assert.strictEqual(error._tag, "WaitTimedOut")
        assert.include(error.message, simulator.ledger().entries[0]?.jobId ?? "none")
        assert.isAtMost(simulator.now() - begunAt, 32_000)
      }),
    ),
  )

  it.effect("ends in time with its job, though its assets hang", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 5_000 })
        simulator.faults.rate("hang", 1, { path: "/assets" })
        const begunAt = simulator.now()
        const error = yield* Effect.flip(generate(redHouse, { totalTimeout: "30 seconds" }))
        assert.include(error.message, simulator.ledger().entries[0]?.jobId ?? "none")
        assert.isAtMost(simulator.now() - begunAt, 32_000)
      }),
    ),
  )
})
