import type { FaultName, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations, type SubmitOptions } from "../src/submit/Generations.ts"
import { submitsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const redHouse: GenerationRequest = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house", seed: "7" },
}

const submit = (request: GenerationRequest = redHouse, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

const bornIn = (simulator: Simulator) => simulator.ledger().entries.map((entry) => entry.jobId)

describe("submit pays once", () => {
  it.effect.each([
    ["lost-response", {}],
    ["lost-response-then-5xx", { status: 500 }],
    ["lost-response-then-5xx", { status: 502 }],
    ["lost-response-then-5xx", { status: 504 }],
    ["missing-job-id", {}],
    ["truncated-body", { path: "/generate/" }],
    ["malformed-json", { path: "/generate/" }],
    ["empty-body", { path: "/generate/" }],
  ] as const)("finds the job that was born when the answer is lost (%s)", ([fault, options]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, options)
        const submission = yield* submit()
        assert.strictEqual(submitsIn(simulator).length, 1)
        assert.deepStrictEqual(bornIn(simulator), [submission.job.jobId])
      }),
    ),
  )

  it.effect("finds it for a model run by its own inputs too", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const submission = yield* submit({ model: "model_canvas-image-2", inputs: { prompt: "a red house" } })
        assert.deepStrictEqual(bornIn(simulator), [submission.job.jobId])
        assert.strictEqual(submission.job.modelId, "model_canvas-image-2")
      }),
    ),
  )

  it.effect("finds it by Scenario's clock, though ours is minutes off", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.rate("clock-skew", 1, { skewMs: -240_000 })
        const error = yield* Effect.flip(submit())
        // The jobs' own dates contradict the header here, so nothing may be taken for ours.
        assert.strictEqual(error._tag, "SubmitUncertain")
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect.each([
    "server-error",
    "bad-gateway-html",
    "unavailable",
    "gateway-timeout",
    "connection-reset",
    "hang",
  ] as const)("does not submit again after %s, when no job can be found", (fault: FaultName) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { path: "/generate/" })
        const error = yield* Effect.flip(submit())
        assert.strictEqual(error._tag, "SubmitUncertain")
        if (error._tag !== "SubmitUncertain") return
        assert.deepStrictEqual(error.candidates, [])
        assert.isFalse(error.isRetryable)
        assert.strictEqual(submitsIn(simulator).length, 1)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )

  it.effect("submits again after a lost answer only where the caller says so and no job is found", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("server-error", { path: "/generate/" })
        const submission = yield* submit(redHouse, { ifUncertain: "resubmit" })
        assert.deepStrictEqual(bornIn(simulator), [submission.job.jobId])
        simulator.faults.next("lost-response")
        yield* submit(redHouse, { ifUncertain: "resubmit" })
        assert.strictEqual(simulator.ledger().paidJobs, 2)
      }),
    ),
  )

  it.effect("does not take for its own what was there before, is of other inputs, or of another author", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const input = { modelId: "model_flux-1-dev", prompt: "a red house", seed: "7" }
        yield* submit()
        simulator.addJob({ jobType: "inference", modelId: "model_flux-1-dev", input, ageMs: 60_000 })
        simulator.addJob({
          jobType: "inference",
          modelId: "model_flux-1-dev",
          input: { ...input, seed: "8" },
        })
        simulator.addJob({
          jobType: "inference",
          modelId: "model_flux-1-dev",
          input,
          authorId: "apiu_somebody",
        })
        simulator.faults.next("server-error", { path: "/generate/" })
        const error = yield* Effect.flip(submit())
        assert.strictEqual(error._tag === "SubmitUncertain" ? error.candidates.length : error._tag, 0)
      }),
    ),
  )

  it.effect("does not choose between two that could be it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const input = { modelId: "model_flux-1-dev", prompt: "a red house", seed: "7" }
        simulator.faults.next("lost-response")
        const [error] = yield* Effect.all(
          [
            Effect.flip(submit()),
            Effect.andThen(
              Effect.sleep("100 millis"),
              Effect.sync(() =>
                simulator.addJob({ jobType: "inference", modelId: "model_flux-1-dev", input }),
              ),
            ),
          ],
          { concurrency: 2 },
        )
        assert.strictEqual(error._tag === "SubmitUncertain" ? error.candidates.length : error._tag, 2)
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("adopts nothing where other processes may submit the same", () =>
    simulate({ settings: { soleSubmitter: false } }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const error = yield* Effect.flip(submit())
        assert.strictEqual(error._tag, "SubmitUncertain")
        if (error._tag !== "SubmitUncertain") return
        assert.deepStrictEqual(
          error.candidates.map((job) => job.jobId),
          bornIn(simulator),
        )
        assert.include(error.message, bornIn(simulator).join())
      }),
    ),
  )

  it.effect("shares the jobs out among submits that are alike and all lost", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response", { times: 3 })
        const submissions = yield* Effect.forEach([1, 2, 3], () => submit(), { concurrency: "unbounded" })
        assert.deepStrictEqual(
          submissions.map(({ job }) => job.jobId).toSorted(),
          bornIn(simulator).toSorted(),
        )
        assert.strictEqual(submitsIn(simulator).length, 3)
      }),
    ),
  )

  it.effect("never gives one job to two submits", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response", { times: 1 })
        simulator.faults.next("server-error", { path: "/generate/" })
        const ends = yield* Effect.forEach([1, 2, 3, 4], () => Effect.result(submit()), {
          concurrency: "unbounded",
        })
        const jobIds = ends.flatMap((end) => (end._tag === "Success" ? [end.success.job.jobId] : []))
        assert.strictEqual(new Set(jobIds).size, jobIds.length)
        assert.strictEqual(submitsIn(simulator).length, 4)
      }),
    ),
  )
})

describe("submit stands in line", () => {
  it.effect.each(["rate-limited", "concurrency-limited"] as const)(
    "repeats a submit that was not accepted (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next(fault, { path: "/generate/", times: 2 })
          yield* submit()
          assert.strictEqual(simulator.ledger().paidJobs, 1)
          assert.strictEqual(submitsIn(simulator).length, 3)
        }),
      ),
  )

  it.effect("waits until a running job has made room", () =>
    simulate({ concurrencyLimit: 1 }, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 20_000 })
        yield* submit()
        yield* submit()
        assert.strictEqual(simulator.ledger().paidJobs, 2)
      }),
    ),
  )

  it.effect("fails at once on a cooldown longer than its patience, and says how long", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("cooldown", { remainingSeconds: 900 })
        const error = yield* Effect.flip(submit())
        assert.strictEqual(error._tag, "ApiError")
        if (error._tag !== "ApiError" || error.reason._tag !== "RateLimited")
          return assert.fail(error.message)
        assert.strictEqual(error.reason.kind, "cooldown")
        assert.strictEqual(error.reason.retryAfterMs, 900_000)
        assert.include(error.message, "900 s")
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect.each([
    ["unauthorized", "Unauthorized"],
    ["forbidden", "Forbidden"],
    ["plan-required", "PlanRequired"],
  ] as const)("does not repeat a refusal (%s)", ([fault, reason]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { path: "/generate/" })
        const error = yield* Effect.flip(submit())
        assert.strictEqual(error._tag === "ApiError" ? error.reason._tag : error._tag, reason)
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("submits once when the connection was refused before anything was sent", () => {
    let refusals = 2
    const refusing: typeof globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input)
      if (url.includes("/generate/") && refusals-- > 0) {
        const refused = Object.assign(new Error("connect ECONNREFUSED"), {
          code: "ECONNREFUSED",
          syscall: "connect",
        })
        return Promise.reject(new TypeError("fetch failed", { cause: refused }))
      }
      return globalThis.fetch(input, init)
    }
    return simulate({ fetch: refusing }, (simulator) =>
      Effect.gen(function* () {
        yield* submit()
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    )
  })
})

describe("an interrupted submit", () => {
  it.effect("still learns its job once the request has left", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const known: Array<string> = []
        simulator.faults.next("slow", { path: "/generate/", delayMs: 5_000 })
        const submitting = yield* Effect.forkChild(
          submit(redHouse, { onSubmitted: ({ job }) => Effect.sync(() => known.push(job.jobId)) }),
        )
        yield* Effect.sleep("1 second")
        yield* Fiber.interrupt(submitting)
        assert.deepStrictEqual(known, bornIn(simulator))
        assert.strictEqual(known.length, 1)
      }),
    ),
  )
})
