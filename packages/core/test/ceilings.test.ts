import { assert, describe } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Clock, Effect, Fiber } from "effect"
import { generate } from "../src/generate.ts"
import type { SubmitWait } from "../src/submit/Ceilings.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { prompt, seedless, submit } from "./support/generations.ts"
import { simulatedTest } from "./support/simulation.ts"

const sprite: GenerationRequest = { workflow: "wflow_sprite-sheet", inputs: { prompt } }

const times = <A>(count: number, make: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, index) => make(index))

const countRefusals = (simulator: Simulator) =>
  simulator.requests().filter(({ status }) => status === 429).length

describe("a submit at a ceiling of running jobs", () => {
  simulatedTest(
    "waits longer than its queue timeout: 30 workflow runs, of which 10 may run at once",
    function* (simulator) {
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
      assert.isAtMost(countRefusals(simulator), 20)
    },
  )

  simulatedTest(
    "tries again as soon as a job of its kind ends, but only if it is first in the queue",
    { parallelCustomJobs: 2 },
    function* (simulator) {
      times(9, () => simulator.planNextJob({ durationMs: 30_000 }))
      const begunAt = yield* Clock.currentTimeMillis
      yield* Effect.forEach(
        times(8, () => seedless),
        (request) => generate(request),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(simulator.ledger().paidJobs, 8)
      // Four rounds of 30 seconds, plus the delay until each end is noticed.
      assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 160_000)
      assert.isAtMost(countRefusals(simulator), 30)
    },
  )

  simulatedTest("keeps the order of the submits", { parallelCustomJobs: 1 }, function* (simulator) {
    times(5, () => simulator.planNextJob({ durationMs: 10_000 }))
    yield* submit(seedless)
    const prompts = ["first", "second", "third", "fourth"]
    const fibers = yield* Effect.forEach(prompts, (prompt) =>
      Effect.tap(Effect.forkChild(submit({ ...seedless, inputs: { prompt } })), () =>
        Effect.sleep("1 second"),
      ),
    )
    yield* Effect.forEach(fibers, Fiber.join)
    const sent = simulator.ledger().entries.map(({ body }) => Reflect.get(Object(body), "prompt"))
    assert.deepStrictEqual(sent, ["a red house", ...prompts])
  })

  simulatedTest(
    "fails with the refusal, unpaid, at its total timeout",
    { parallelCustomJobs: 1 },
    function* (simulator) {
      simulator.planNextJob({ durationMs: 3_600_000 })
      yield* submit(seedless)
      const begunAt = yield* Clock.currentTimeMillis
      const error = yield* expectFailure(submit(seedless, { totalTimeout: "3 minutes" }), "ApiError")
      assert.include(error.message, "Too many jobs are running")
      assert.isTrue(error.isRetryable)
      const tookMs = (yield* Clock.currentTimeMillis) - begunAt
      assert.isAbove(tookMs, 170_000)
      assert.isAtMost(tookMs, 181_000)
      assert.strictEqual(simulator.ledger().paidJobs, 1)
      assert.isAtMost(countRefusals(simulator), 16)
    },
  )

  simulatedTest(
    "fails at once, unpaid, if ifAtCeiling is fail, even behind others that wait",
    { parallelCustomJobs: 1 },
    function* (simulator) {
      simulator.planNextJob({ durationMs: 60_000 })
      yield* submit(seedless)
      for (const others of [0, 3]) {
        yield* Effect.forEach(
          times(others, () => seedless),
          (request) => Effect.forkChild(submit(request)),
        )
        yield* Effect.sleep("1 second")
        const begunAt = yield* Clock.currentTimeMillis
        yield* expectApiError(submit(seedless, { ifAtCeiling: "fail" }), "RateLimited")
        assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 2_000)
      }
      assert.strictEqual(simulator.ledger().paidJobs, 1)
    },
  )

  simulatedTest(
    "leaves the queue when it is interrupted, and the next submit moves up",
    { parallelCustomJobs: 1 },
    function* (simulator) {
      simulator.planNextJob({ durationMs: 30_000 })
      yield* submit(seedless)
      const [first, second] = yield* Effect.forEach(["left", "stays"], (prompt) =>
        Effect.tap(Effect.forkChild(submit({ ...seedless, inputs: { prompt } })), () =>
          Effect.sleep("1 second"),
        ),
      )
      if (first === undefined || second === undefined) return assert.fail("no fibers")
      yield* Fiber.interrupt(first)
      yield* Fiber.join(second)
      const sent = simulator.ledger().entries.map(({ body }) => Reflect.get(Object(body), "prompt"))
      assert.deepStrictEqual(sent, ["a red house", "stays"])
    },
  )

  simulatedTest("sends nothing if onWaiting fails", { parallelCustomJobs: 1 }, function* (simulator) {
    simulator.planNextJob({ durationMs: 30_000 })
    yield* submit(seedless)
    const error = yield* Effect.flip(
      submit(seedless, { onWaiting: () => Effect.fail(new Error("no display")) }),
    )
    assert.deepInclude(error, { _tag: "CallbackFailed", callback: "onWaiting" })
    assert.include(error.message, "Nothing was submitted")
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("waits for a ceiling that the refusal does not name", function* (simulator) {
    simulator.faults.next("concurrency-unnamed", { times: 3 })
    const waits: Array<SubmitWait> = []
    yield* submit(sprite, { onWaiting: (wait) => Effect.sync(() => waits.push(wait)) })
    assert.strictEqual(waits.length, 1)
    assert.isUndefined(waits[0]?.ceiling)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("does not delay submits of another kind", { parallelCustomJobs: 1 }, function* (simulator) {
    simulator.planNextJob({ durationMs: 600_000 })
    yield* submit(seedless)
    const waiting = yield* Effect.forkChild(submit(seedless))
    yield* Effect.sleep("5 seconds")
    const begunAt = yield* Clock.currentTimeMillis
    yield* submit(sprite)
    assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 2_000)
    yield* Fiber.interrupt(waiting)
    assert.strictEqual(simulator.ledger().paidJobs, 2)
  })
})

describe("a cancel", () => {
  simulatedTest(
    "is sent at once when other requests use up the budget and fill all slots",
    { settings: { requestsPerMinute: 40, requestsInFlight: 2 } },
    function* (simulator) {
      const jobs = yield* Jobs
      const { job } = yield* submit(seedless)
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
    },
  )
})
