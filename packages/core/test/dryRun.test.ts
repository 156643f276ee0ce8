import { assert, describe, it } from "@effect/vitest"
import type { FaultName, FaultOptions, Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import { simulate } from "./support/simulation.ts"

const redHouse: GenerationRequest = { model: "model_canvas-image-2", inputs: { prompt: "a red house" } }

const estimate = Generations.use((generations) => generations.estimate(redHouse))

const dryRuns = (simulator: Simulator) =>
  simulator.requests().filter(({ query }) => query["dryRun"] !== undefined).length

describe("a dry run", () => {
  it.effect.each([undefined, "plain-dry-run", "payment-dry-run", "empty-job-dry-run"] as const)(
    "reads the price in every form (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          const usual = yield* estimate
          if (fault !== undefined) simulator.faults.next(fault)
          assert.strictEqual(yield* estimate, usual)
          assert.strictEqual(simulator.ledger().paidJobs, 0)
        }),
      ),
  )

  it.effect.each(["plain-dry-run", "payment-dry-run", "empty-job-dry-run"] as const)(
    "of a workflow is a price in every form, and text counts as a number (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.rate(fault, 1)
          simulator.faults.rate("text-amounts", 1)
          const generations = yield* Generations
          const request = { workflow: "wflow_sprite-sheet", inputs: { prompt: "a red house" } }
          const quoted = yield* generations.estimate(request)
          const submission = yield* generations.submit(request, { maxCost: quoted })
          assert.strictEqual(submission.cost, quoted)
          assert.strictEqual(simulator.ledger().spent, quoted)
        }),
      ),
  )

  it.effect("that answers 402 without a price says that the plan doesn't cover it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("plan-required")
        const error = yield* Effect.flip(estimate)
        assert.strictEqual(error._tag === "ApiError" && error.reason._tag, "PlanRequired")
      }),
    ),
  )

  it.effect.each(["connection-reset", "hang", "server-error", "empty-body"] as const)(
    "that is lost says that it may have been carried out, and that nothing was submitted (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next(fault, { path: "/generate/" })
          const generations = yield* Generations
          const error = yield* Effect.flip(
            generations.submit(redHouse, { maxCost: 1_000, totalTimeout: "20 seconds" }),
          )
          assert.include(error.message, "nothing was submitted")
          assert.include(error.message, "may have carried it out")
          assert.isFalse(
            error._tag === "ApiError" && error.reason._tag === "Unreachable" && error.reason.neverSent,
          )
          assert.strictEqual(simulator.ledger().paidJobs, 0)
        }),
      ),
  )

  it.effect("that ran a paid job is reported with it, and never repeated", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("ignored-dry-run", 1)
        const error = yield* Effect.flip(
          Generations.use((generations) => generations.submit(redHouse, { maxCost: 1_000 })),
        )
        assert.strictEqual(error._tag, "DryRunCharged")
        assert.strictEqual(simulator.ledger().paidJobs, 1)
        assert.include(error.message, simulator.ledger().entries[0]?.jobId ?? "none")
        assert.isFalse(error.isRetryable)
      }),
    ),
  )

  it.effect.each<readonly [fault: FaultName, options?: FaultOptions]>([
    ["empty-body"],
    ["malformed-json"],
    ["server-error"],
    ["bad-gateway-html"],
    ["connection-reset"],
    ["truncated-body"],
  ])("is not repeated before the endpoint has proven that its dry runs are dry (%s)", ([fault, options]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { path: "/generate/", ...options })
        const error = yield* Effect.flip(estimate)
        assert.strictEqual(error._tag, "ApiError")
        assert.strictEqual(dryRuns(simulator), 1)
      }),
    ),
  )

  it.effect("is repeated after a lost response once the endpoint has answered one", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const usual = yield* estimate
        simulator.faults.next("server-error", { path: "/generate/" })
        assert.strictEqual(yield* estimate, usual)
        assert.strictEqual(dryRuns(simulator), 3)
      }),
    ),
  )

  it.effect("is never repeated after a 2xx without a price", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* estimate
        simulator.faults.next("empty-body", { path: "/generate/" })
        yield* Effect.flip(estimate)
        assert.strictEqual(dryRuns(simulator), 2)
      }),
    ),
  )

  it.effect("is repeated after a refusal by rate, which ran nothing", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("rate-limited", { path: "/generate/" })
        yield* estimate
        assert.strictEqual(dryRuns(simulator), 2)
      }),
    ),
  )
})
