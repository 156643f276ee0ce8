import type { FaultName, FaultOptions, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import type { Submission } from "../src/submit/Submission.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { prompt, seeded, seedless, submit } from "./support/generations.ts"
import { getPaidJobIds, getSubmits } from "./support/requests.ts"
import { SettableClock } from "./support/SettableClock.ts"
import { simulate, simulatedTest } from "./support/simulation.ts"

/** A seed of the caller doesn't identify a job, because another submitter may send the same. */
const callersSeed: GenerationRequest = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt, seed: "7" },
}

const getUncertain = (request: GenerationRequest, options?: SubmitOptions) =>
  expectFailure(submit(request, options), "SubmitUncertain")

/** Adds a job of another submitter. */
const addOtherJob = (simulator: Simulator, input: Record<string, string | number> = { prompt }) =>
  simulator.addJob({ jobType: "custom", modelId: "model_canvas-image-2", input, status: "in-progress" })

const soleSubmitter = { settings: { soleSubmitter: true } } as const

describe("a submit whose response is lost", () => {
  simulatedTest.each<readonly [fault: FaultName, options?: FaultOptions]>([
    ["lost-response"],
    ["lost-response-then-5xx", { status: 500 }],
    ["lost-response-then-5xx", { status: 502 }],
    ["lost-response-then-5xx", { status: 504 }],
    ["missing-job-id"],
    ["truncated-body", { path: "/generate/" }],
    ["malformed-json", { path: "/generate/" }],
    ["empty-body", { path: "/generate/" }],
  ])("adopts the job with its seed (%s)", function* (simulator, [fault, options]) {
    simulator.faults.next(fault, options)
    const submission = yield* submit(seeded)
    assert.strictEqual(getSubmits(simulator).length, 1)
    assert.deepStrictEqual(getPaidJobIds(simulator), [submission.job.jobId])
    assert.strictEqual(submission.snapshot?.input?.["seed"], submission.seed)
  })

  simulatedTest(
    "adopts its own job, not one of another submitter with the same prompt",
    function* (simulator) {
      simulator.faults.next("lost-response")
      const input = { prompt, seed: 5 }
      simulator.addJob({ modelId: "model_flux-composer", input, status: "in-progress" })
      const submission = yield* submit(seeded)
      assert.deepStrictEqual(getPaidJobIds(simulator), [submission.job.jobId])
    },
  )

  simulatedTest(
    "does not adopt a job that another submitter may have created, but reports it as a candidate",
    function* (simulator) {
      simulator.faults.next("server-error", { path: "/generate/" })
      const jobId = addOtherJob(simulator)
      const error = yield* getUncertain(seedless)
      assert.deepStrictEqual(
        error.candidates.map((job) => [job.jobId, job.modelId, job.prompt, job.status]),
        [[jobId, "model_canvas-image-2", prompt, "in-progress"]],
      )
      assert.include(error.message, jobId)
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )

  simulatedTest("does not adopt an earlier job of the same caller", soleSubmitter, function* (simulator) {
    yield* submit(callersSeed)
    yield* Effect.sleep("10 seconds")
    simulator.faults.next("server-error", { path: "/generate/" })
    assert.deepStrictEqual((yield* getUncertain(callersSeed)).candidates, [])
  })

  simulatedTest(
    "adopts a job without a seed if the caller is the sole submitter",
    soleSubmitter,
    function* (simulator) {
      simulator.faults.next("lost-response")
      const submission = yield* submit(seedless)
      assert.deepStrictEqual(getPaidJobIds(simulator), [submission.job.jobId])
      assert.strictEqual(submission.job.modelId, "model_canvas-image-2")
    },
  )

  simulatedTest("does not adopt a job with more inputs than it sent", soleSubmitter, function* (simulator) {
    simulator.faults.next("server-error", { path: "/generate/" })
    const jobId = addOtherJob(simulator, { prompt, numOutputs: 2 })
    const error = yield* getUncertain(seedless)
    assert.deepStrictEqual(
      error.candidates.map((job) => job.jobId),
      [jobId],
    )
  })

  simulatedTest("does not adopt one of two jobs that could be its own", soleSubmitter, function* (simulator) {
    simulator.faults.next("lost-response")
    addOtherJob(simulator)
    assert.strictEqual((yield* getUncertain(seedless)).candidates.length, 2)
    assert.strictEqual(getSubmits(simulator).length, 1)
  })

  simulatedTest(
    "waits for another submit that could have created the job, with its inputs in any order",
    soleSubmitter,
    function* (simulator) {
      const inputs = { prompt, width: 512 }
      simulator.faults.next("lost-response")
      simulator.faults.next("slow", { path: "/generate/", delayMs: 8_000 })
      const lost = yield* Effect.forkChild(submit({ model: "model_canvas-image-2", inputs }))
      const slow = yield* Effect.forkChild(
        submit({ model: "model_canvas-image-2", inputs: { width: 512, prompt } }),
      )
      const both = [yield* Fiber.join(lost), yield* Fiber.join(slow)]
      assert.deepStrictEqual(both.map(({ job }) => job.jobId).toSorted(), getPaidJobIds(simulator).toSorted())
    },
  )

  simulatedTest(
    "adopts one job for each of several equal submits that all lost their response",
    soleSubmitter,
    function* (simulator) {
      simulator.faults.next("lost-response", { times: 3 })
      const submissions = yield* Effect.forEach([1, 2, 3], () => submit(seedless), {
        concurrency: "unbounded",
      })
      assert.deepStrictEqual(
        submissions.map(({ job }) => job.jobId).toSorted(),
        getPaidJobIds(simulator).toSorted(),
      )
      assert.strictEqual(getSubmits(simulator).length, 3)
    },
  )

  simulatedTest("never adopts the job of another submit", soleSubmitter, function* (simulator) {
    simulator.faults.next("lost-response", { times: 1 })
    simulator.faults.next("server-error", { path: "/generate/" })
    const ends = yield* Effect.forEach([1, 2, 3, 4], () => Effect.result(submit(seedless)), {
      concurrency: "unbounded",
    })
    const jobIds = ends.flatMap((end) => (end._tag === "Success" ? [end.success.job.jobId] : []))
    assert.strictEqual(new Set(jobIds).size, jobIds.length)
    assert.strictEqual(getSubmits(simulator).length, 4)
  })

  simulatedTest(
    "recognizes the job of a base model that has an input modelId",
    soleSubmitter,
    function* (simulator) {
      simulator.faults.next("lost-response")
      const inputs = { prompt, modelId: "model_own-watercolor", seed: 3 }
      const submission = yield* submit({ model: "model_flux-composer", inputs })
      assert.deepStrictEqual(getPaidJobIds(simulator), [submission.job.jobId])
      assert.strictEqual(submission.job.modelId, "model_flux-composer")
    },
  )

  simulatedTest.each(["dropped-input", "no-echo", "list-without-inputs"] as const)(
    "reports a job that doesn't echo all inputs as a candidate (%s)",
    function* (simulator, fault) {
      simulator.faults.next("lost-response")
      simulator.faults.rate(fault, 1)
      const error = yield* getUncertain(seedless, { ifUncertain: "resubmit" })
      assert.deepStrictEqual(
        error.candidates.map((job) => job.jobId),
        getPaidJobIds(simulator),
      )
      assert.strictEqual(getSubmits(simulator).length, 1)
    },
  )

  simulatedTest("finds a job that the list shows late", function* (simulator) {
    simulator.faults.next("lost-response")
    simulator.faults.next("listed-late", { delayMs: 9_000 })
    assert.deepStrictEqual(getPaidJobIds(simulator).length, 0)
    const submission = yield* submit(seeded)
    assert.deepStrictEqual(getPaidJobIds(simulator), [submission.job.jobId])
  })

  simulatedTest(
    "finds the job by Scenario's clock, even if this machine's clock is minutes off",
    { machineClock: new SettableClock(-240_000).over },
    function* (simulator) {
      simulator.faults.next("lost-response")
      const submission = yield* submit(seeded)
      assert.deepStrictEqual(getPaidJobIds(simulator), [submission.job.jobId])
    },
  )

  simulatedTest.each([
    "server-error",
    "bad-gateway-html",
    "unavailable",
    "gateway-timeout",
    "connection-reset",
    "hang",
  ] as const)(
    "is not repeated after %s, even if no job can be found",
    function* (simulator, fault: FaultName) {
      simulator.faults.next(fault, { path: "/generate/" })
      const error = yield* getUncertain(seeded)
      assert.deepStrictEqual(error.candidates, [])
      assert.isFalse(error.isRetryable)
      assert.strictEqual(error.intent.inputs["prompt"], prompt)
      assert.isDefined(error.intent.sentAt)
      assert.strictEqual(getSubmits(simulator).length, 1)
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )
})

describe("ifUncertain: resubmit", () => {
  const resubmit = { ifUncertain: "resubmit" } as const

  simulatedTest(
    "submits again with another seed, if no job is listed after the grace period",
    function* (simulator) {
      simulator.faults.next("server-error", { path: "/generate/" })
      const submission = yield* submit(seeded, resubmit)
      assert.deepStrictEqual(getPaidJobIds(simulator), [submission.job.jobId])
      const seeds = getSubmits(simulator).map(({ body }) => Reflect.get(Object(body), "seed"))
      assert.strictEqual(new Set(seeds).size, 2)
    },
  )

  simulatedTest("does not submit again if the job is found", function* (simulator) {
    simulator.faults.next("lost-response")
    yield* submit(seeded, resubmit)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("does not submit again if the jobs can't be listed", function* (simulator) {
    simulator.faults.next("lost-response")
    simulator.faults.rate("server-error", 1, { path: /\/v1\/jobs$/ })
    yield* getUncertain(seeded, resubmit)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("stays uncertain after a refusal and a second lost response", function* (simulator) {
    const path = "/generate/"
    simulator.faults.next("server-error", { path })
    const error = yield* Effect.forkChild(getUncertain(seeded, resubmit))
    yield* Effect.sleep("5 seconds")
    simulator.faults.next("rate-limited", { path, retryAfterSeconds: 6 })
    yield* Effect.sleep("13 seconds")
    simulator.faults.next("server-error", { path })
    const { resubmitted, intent } = yield* Fiber.join(error)
    assert.strictEqual(getSubmits(simulator).length, 3)
    assert.isDefined(resubmitted)
    assert.notStrictEqual(resubmitted?.seed, intent.seed)
  })

  simulatedTest("stays uncertain if the second submit is refused", function* (simulator) {
    const path = "/generate/"
    simulator.faults.next("server-error", { path })
    const error = yield* Effect.forkChild(getUncertain(seeded, resubmit))
    yield* Effect.sleep("5 seconds")
    simulator.faults.next("plan-required", { path })
    assert.include((yield* Fiber.join(error)).message, "the second submit failed")
  })

  simulatedTest(
    "returns the first job, and reports the second as a duplicate, if both exist",
    function* (simulator) {
      simulator.faults.next("lost-response")
      simulator.faults.next("listed-late", { delayMs: 16_500 })
      const submitting = yield* Effect.forkChild(submit(seeded, resubmit))
      yield* Effect.sleep("5 seconds")
      simulator.faults.next("slow", { path: "/generate/", delayMs: 3_000 })
      const submission = yield* Fiber.join(submitting)
      const [first, second] = getPaidJobIds(simulator)
      assert.strictEqual(submission.job.jobId, first)
      assert.deepStrictEqual(
        submission.duplicates?.map((job) => job.jobId),
        [second],
      )
    },
  )
})

describe("a submit that is not accepted at first", () => {
  simulatedTest.each(["rate-limited", "concurrency-limited"] as const)(
    "is sent again with the same seed (%s)",
    function* (simulator, fault) {
      simulator.faults.next(fault, { path: "/generate/", times: 2 })
      const { seed } = yield* submit(seeded)
      assert.strictEqual(simulator.ledger().paidJobs, 1)
      assert.deepStrictEqual(
        getSubmits(simulator).map(({ body }) => Reflect.get(Object(body), "seed")),
        [seed, seed, seed],
      )
    },
  )

  simulatedTest("waits until a running job ends", { concurrencyLimit: 1 }, function* (simulator) {
    simulator.planNextJob({ durationMs: 20_000 })
    yield* submit(seeded)
    yield* submit(seeded)
    assert.strictEqual(simulator.ledger().paidJobs, 2)
  })

  simulatedTest(
    "fails at once if a cooldown is longer than its queue timeout, and says how long",
    function* (simulator) {
      simulator.faults.next("cooldown", { remainingSeconds: 900 })
      const error = yield* expectApiError(submit(seeded), "RateLimited")
      assert.strictEqual(error.reason.kind, "cooldown")
      assert.strictEqual(error.reason.retryAfterMs, 900_000)
      assert.include(error.message, "900 s")
      assert.strictEqual(getSubmits(simulator).length, 1)
    },
  )

  simulatedTest.each([
    ["unauthorized", "Unauthorized"],
    ["forbidden", "Forbidden"],
    ["plan-required", "PlanRequired"],
  ] as const)("is not repeated after a refusal (%s)", function* (simulator, [fault, reason]) {
    simulator.faults.next(fault, { path: "/generate/" })
    yield* expectApiError(submit(seeded), reason)
    assert.strictEqual(getSubmits(simulator).length, 1)
  })

  it.effect("is sent again after its connection was refused", () => {
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
    return simulate({ fetch: refusing }, function* (simulator) {
      yield* submit(seeded)
      assert.strictEqual(simulator.ledger().paidJobs, 1)
    })
  })
})

describe("a submit whose connection fails after the request was sent", () => {
  it.effect.each(["ENETUNREACH", "EHOSTUNREACH", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET"])(
    "is paid once (%s)",
    (code) => {
      let cuts = 1
      const cutting: typeof globalThis.fetch = async (input, init) => {
        const response = await globalThis.fetch(input, init)
        const url = input instanceof Request ? input.url : String(input)
        if (!url.includes("/generate/") || cuts-- <= 0) return response
        await response.text()
        throw new TypeError("fetch failed", {
          cause: Object.assign(new Error(`read ${code}`), { code, syscall: "read" }),
        })
      }
      return simulate({ fetch: cutting }, function* (simulator) {
        yield* Effect.result(submit(seeded))
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      })
    },
  )
})

describe("an interrupted submit", () => {
  simulatedTest(
    "ends within 2.5 seconds, and still reports its job when the response comes",
    function* (simulator) {
      const known: Array<Submission> = []
      simulator.faults.next("slow", { path: "/generate/", delayMs: 20_000 })
      const submitting = yield* Effect.forkChild(
        submit(seeded, { onSubmitted: (submission) => Effect.sync(() => known.push(submission)) }),
      )
      yield* Effect.sleep("1 second")
      const interruptedAt = simulator.now()
      yield* Fiber.interrupt(submitting)
      assert.isAtMost(simulator.now() - interruptedAt, 2_500)
      yield* Effect.sleep("30 seconds")
      assert.deepStrictEqual(
        known.map(({ job }) => job.jobId),
        getPaidJobIds(simulator),
      )
      assert.strictEqual(known.length, 1)
    },
  )

  simulatedTest("is not sent again if it was queued", function* (simulator) {
    simulator.faults.next("rate-limited", { path: "/generate/" })
    const submitting = yield* Effect.forkChild(submit(seeded))
    yield* Effect.sleep("500 millis")
    yield* Fiber.interrupt(submitting)
    yield* Effect.sleep("1 minute")
    assert.strictEqual(getSubmits(simulator).length, 1)
    assert.strictEqual(simulator.ledger().paidJobs, 0)
  })
})
