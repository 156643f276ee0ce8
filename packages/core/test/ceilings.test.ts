import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Clock, Effect, Fiber } from "effect"
import { generate } from "../src/generate.ts"
import type { SubmitWait } from "../src/submit/Ceilings.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { simulate } from "./support/simulation.ts"

const sprite: GenerationRequest = { workflow: "wflow_sprite-sheet", inputs: { prompt: "a red house" } }
const redHouse: GenerationRequest = { model: "model_canvas-image-2", inputs: { prompt: "a red house" } }

const submit = (request: GenerationRequest, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

const times = <A>(count: number, make: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, index) => make(index))

const refusals = (simulator: Simulator) => simulator.requests().filter(({ status }) => status === 429).length

describe("a submit at a ceiling of running jobs", () => {
  it.effect("waits for its turn beyond its queue timeout: 30 workflow runs of which 10 may run at once", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const waits: Array<SubmitWait> = []
        const all = yield* Effect.forEach(
          times(30, (index) => index),
          () =>
            generate(sprite, {
              queueTimeout: "1 second",
              onWaiting: (wait) => Effect.sync(() => waits.push(wait)),
            }),
          { concurrency: "unbounded" },
        )
        const { paidJobs, spent } = simulator.ledger()
        assert.strictEqual(paidJobs, 30)
        assert.strictEqual(
          all.reduce((sum, { cost = 0 }) => sum + cost, 0),
          spent,
        )
        assert.isAtLeast(waits.length, 1)
        assert.isAtMost(waits.length, 20)
        assert.deepInclude(waits[0], { ceiling: "parallel-workflows", limit: 10 })
        assert.isAtMost(refusals(simulator), 20)
      }),
    ),
  )

  it.effect("tries again as soon as a job of its kind ends, and only the first in line does", () =>
    simulate({ parallelCustomJobs: 2 }, (simulator) =>
      Effect.gen(function* () {
        times(9, () => simulator.planNextJob({ durationMs: 30_000 }))
        const begunAt = yield* Clock.currentTimeMillis
        yield* Effect.forEach(
          times(8, () => redHouse),
          (request) => generate(request),
          { concurrency: "unbounded" },
        )
        assert.strictEqual(simulator.ledger().paidJobs, 8)
        // Four rounds of 30 seconds, each with the time until its end is noticed.
        assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 160_000)
        assert.isAtMost(refusals(simulator), 30)
      }),
    ),
  )

  it.effect("keeps the order of the submits", () =>
    simulate({ parallelCustomJobs: 1 }, (simulator) =>
      Effect.gen(function* () {
        times(5, () => simulator.planNextJob({ durationMs: 10_000 }))
        yield* submit(redHouse)
        const prompts = ["first", "second", "third", "fourth"]
        const fibers = yield* Effect.forEach(prompts, (prompt) =>
          Effect.tap(Effect.forkChild(submit({ ...redHouse, inputs: { prompt } })), () =>
            Effect.sleep("1 second"),
          ),
        )
        yield* Effect.forEach(fibers, Fiber.join)
        const sent = simulator.ledger().entries.map(({ body }) => Reflect.get(Object(body), "prompt"))
        assert.deepStrictEqual(sent, ["a red house", ...prompts])
      }),
    ),
  )

  it.effect("ends unpaid in the refusal when its total time is up", () =>
    simulate({ parallelCustomJobs: 1 }, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 3_600_000 })
        yield* submit(redHouse)
        const begunAt = yield* Clock.currentTimeMillis
        const error = yield* Effect.flip(submit(redHouse, { totalTimeout: "3 minutes" }))
        assert.strictEqual(error._tag, "ApiError")
        assert.include(error.message, "Too many jobs are running")
        assert.isTrue(error.isRetryable)
        const tookMs = (yield* Clock.currentTimeMillis) - begunAt
        assert.isAbove(tookMs, 170_000)
        assert.isAtMost(tookMs, 181_000)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
        assert.isAtMost(refusals(simulator), 16)
      }),
    ),
  )

  it.effect("fails at once and unpaid if the caller can't wait, also behind others that wait", () =>
    simulate({ parallelCustomJobs: 1 }, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 60_000 })
        yield* submit(redHouse)
        for (const others of [0, 3]) {
          yield* Effect.forEach(
            times(others, () => redHouse),
            (request) => Effect.forkChild(submit(request)),
          )
          yield* Effect.sleep("1 second")
          const begunAt = yield* Clock.currentTimeMillis
          const error = yield* Effect.flip(submit(redHouse, { ifAtCeiling: "fail" }))
          assert.isTrue(error._tag === "ApiError" && error.reason._tag === "RateLimited")
          assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 2_000)
        }
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("leaves the line when it is interrupted, and the next one moves up", () =>
    simulate({ parallelCustomJobs: 1 }, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 30_000 })
        yield* submit(redHouse)
        const [first, second] = yield* Effect.forEach(["left", "stays"], (prompt) =>
          Effect.tap(Effect.forkChild(submit({ ...redHouse, inputs: { prompt } })), () =>
            Effect.sleep("1 second"),
          ),
        )
        if (first === undefined || second === undefined) return assert.fail("no fibers")
        yield* Fiber.interrupt(first)
        yield* Fiber.join(second)
        const sent = simulator.ledger().entries.map(({ body }) => Reflect.get(Object(body), "prompt"))
        assert.deepStrictEqual(sent, ["a red house", "stays"])
      }),
    ),
  )

  it.effect("sends nothing if the callback that is told of the wait fails", () =>
    simulate({ parallelCustomJobs: 1 }, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 30_000 })
        yield* submit(redHouse)
        const error = yield* Effect.flip(
          submit(redHouse, { onWaiting: () => Effect.fail(new Error("no display")) }),
        )
        assert.deepInclude(error, { _tag: "CallbackFailed", callback: "onWaiting" })
        assert.include(error.message, "Nothing was submitted")
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("is told from a refusal by rate without details", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("concurrency-unnamed", { times: 3 })
        const waits: Array<SubmitWait> = []
        yield* submit(sprite, { onWaiting: (wait) => Effect.sync(() => waits.push(wait)) })
        assert.strictEqual(waits.length, 1)
        assert.isUndefined(waits[0]?.ceiling)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("doesn't hold back submits of another kind", () =>
    simulate({ parallelCustomJobs: 1 }, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ durationMs: 600_000 })
        yield* submit(redHouse)
        const waiting = yield* Effect.forkChild(submit(redHouse))
        yield* Effect.sleep("5 seconds")
        const begunAt = yield* Clock.currentTimeMillis
        yield* submit(sprite)
        assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 2_000)
        yield* Fiber.interrupt(waiting)
        assert.strictEqual(simulator.ledger().paidJobs, 2)
      }),
    ),
  )
})

describe("a cancel", () => {
  it.effect("goes at once when everything else has used up the budget, and all places", () =>
    simulate({ settings: { requestsPerMinute: 40, requestsInFlight: 2 } }, (simulator) =>
      Effect.gen(function* () {
        const jobs = yield* Jobs
        const { job } = yield* submit(redHouse)
        yield* Effect.forEach(
          times(60, () => job),
          (one) => Effect.forkChild(Effect.exit(jobs.get(one.jobId.replace("job_", "job_x")))),
        )
        yield* Effect.sleep("5 seconds")
        simulator.faults.rate("hang", 1, { method: "GET" })
        yield* Effect.sleep("5 seconds")
        const begunAt = yield* Clock.currentTimeMillis
        yield* Effect.exit(Effect.timeout(jobs.cancel(job), "3 seconds"))
        const cancel = simulator.requests().find(({ path }) => path.endsWith("/action"))
        assert.isDefined(cancel)
        assert.isBelow((cancel?.at ?? Infinity) - begunAt, 1_000)
      }),
    ),
  )
})
