import type { FaultName, FaultOptions, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { type Clock, Effect, Fiber } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { Submission } from "../src/submit/Submission.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { submitsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const prompt = "a red house"
/** A model whose seed is free: its jobs are recognized by the seed that core chooses. */
const seeded: GenerationRequest = { model: "model_flux-composer", inputs: { prompt } }
/** A model without a seed. */
const seedless: GenerationRequest = { model: "model_canvas-image-2", inputs: { prompt } }
/** The caller's own seed identifies nothing: a colleague may send the same. */
const callersSeed: GenerationRequest = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt, seed: "7" },
}

const submit = (request: GenerationRequest = seeded, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

const uncertain = (request?: GenerationRequest, options?: SubmitOptions) =>
  Effect.flatMap(Effect.flip(submit(request, options)), (error) =>
    error._tag === "SubmitUncertain" ? Effect.succeed(error) : Effect.die(error),
  )

const paidJobs = (simulator: Simulator) => simulator.ledger().entries.map(({ jobId }) => jobId)

/** Adds a job as another submitter makes it. */
const addColleaguesJob = (simulator: Simulator, input: Record<string, string | number> = { prompt }) =>
  simulator.addJob({ jobType: "custom", modelId: "model_canvas-image-2", input, status: "in-progress" })

const sole = { settings: { soleSubmitter: true } } as const

describe("a submit whose response is lost", () => {
  it.effect.each<readonly [fault: FaultName, options?: FaultOptions]>([
    ["lost-response"],
    ["lost-response-then-5xx", { status: 500 }],
    ["lost-response-then-5xx", { status: 502 }],
    ["lost-response-then-5xx", { status: 504 }],
    ["missing-job-id"],
    ["truncated-body", { path: "/generate/" }],
    ["malformed-json", { path: "/generate/" }],
    ["empty-body", { path: "/generate/" }],
  ])("adopts the job with its seed (%s)", ([fault, options]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, options)
        const submission = yield* submit()
        assert.strictEqual(submitsIn(simulator).length, 1)
        assert.deepStrictEqual(paidJobs(simulator), [submission.job.jobId])
        assert.strictEqual(submission.snapshot?.input?.["seed"], submission.seed)
      }),
    ),
  )

  it.effect("adopts its own job beside a colleague's with the same prompt", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const input = { prompt, seed: 5 }
        simulator.addJob({ modelId: "model_flux-composer", input, status: "in-progress" })
        const submission = yield* submit()
        assert.deepStrictEqual(paidJobs(simulator), [submission.job.jobId])
      }),
    ),
  )

  it.effect("adopts nothing that a colleague may have submitted, and names it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("server-error", { path: "/generate/" })
        const jobId = addColleaguesJob(simulator)
        const error = yield* uncertain(seedless)
        assert.deepStrictEqual(
          error.candidates.map((job) => [job.jobId, job.modelId, job.prompt, job.status]),
          [[jobId, "model_canvas-image-2", prompt, "in-progress"]],
        )
        assert.include(error.message, jobId)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )

  it.effect("does not take an earlier job of the same loop for its own", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        yield* submit(callersSeed)
        yield* Effect.sleep("10 seconds")
        simulator.faults.next("server-error", { path: "/generate/" })
        assert.deepStrictEqual((yield* uncertain(callersSeed)).candidates, [])
      }),
    ),
  )

  it.effect("adopts the job of a caller that is the only submitter", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const submission = yield* submit(seedless)
        assert.deepStrictEqual(paidJobs(simulator), [submission.job.jobId])
        assert.strictEqual(submission.job.modelId, "model_canvas-image-2")
      }),
    ),
  )

  it.effect("leaves the job of `{ prompt, numOutputs: 2 }` to the submit that sent it", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("server-error", { path: "/generate/" })
        const jobId = addColleaguesJob(simulator, { prompt, numOutputs: 2 })
        const error = yield* uncertain(seedless)
        assert.deepStrictEqual(
          error.candidates.map((job) => job.jobId),
          [jobId],
        )
      }),
    ),
  )

  it.effect("does not choose between two jobs that could be its own", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        addColleaguesJob(simulator)
        assert.strictEqual((yield* uncertain(seedless)).candidates.length, 2)
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("waits for another submit that could claim the job, whatever order its inputs have", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        const inputs = { prompt, width: 512 }
        simulator.faults.next("lost-response")
        simulator.faults.next("slow", { path: "/generate/", delayMs: 8_000 })
        const lost = yield* Effect.forkChild(submit({ model: "model_canvas-image-2", inputs }))
        const slow = yield* Effect.forkChild(
          submit({ model: "model_canvas-image-2", inputs: { width: 512, prompt } }),
        )
        const both = [yield* Fiber.join(lost), yield* Fiber.join(slow)]
        assert.deepStrictEqual(both.map(({ job }) => job.jobId).toSorted(), paidJobs(simulator).toSorted())
      }),
    ),
  )

  it.effect("shares the jobs out among submits that are alike and all lost", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response", { times: 3 })
        const submissions = yield* Effect.forEach([1, 2, 3], () => submit(seedless), {
          concurrency: "unbounded",
        })
        assert.deepStrictEqual(
          submissions.map(({ job }) => job.jobId).toSorted(),
          paidJobs(simulator).toSorted(),
        )
        assert.strictEqual(submitsIn(simulator).length, 3)
      }),
    ),
  )

  it.effect("never shares a job with another submit", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response", { times: 1 })
        simulator.faults.next("server-error", { path: "/generate/" })
        const ends = yield* Effect.forEach([1, 2, 3, 4], () => Effect.result(submit(seedless)), {
          concurrency: "unbounded",
        })
        const jobIds = ends.flatMap((end) => (end._tag === "Success" ? [end.success.job.jobId] : []))
        assert.strictEqual(new Set(jobIds).size, jobIds.length)
        assert.strictEqual(submitsIn(simulator).length, 4)
      }),
    ),
  )

  it.effect("recognizes the run of a base model that has an input called modelId", () =>
    simulate(sole, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const inputs = { prompt, modelId: "model_own-watercolour", seed: 3 }
        const submission = yield* submit({ model: "model_flux-composer", inputs })
        assert.deepStrictEqual(paidJobs(simulator), [submission.job.jobId])
        assert.strictEqual(submission.job.modelId, "model_flux-composer")
      }),
    ),
  )

  it.effect.each(["dropped-input", "no-echo", "list-without-inputs"] as const)(
    "counts a job that doesn't echo all that was sent as a candidate (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next("lost-response")
          simulator.faults.rate(fault, 1)
          const error = yield* uncertain(seedless, { ifUncertain: "resubmit" })
          assert.deepStrictEqual(
            error.candidates.map((job) => job.jobId),
            paidJobs(simulator),
          )
          assert.strictEqual(submitsIn(simulator).length, 1)
        }),
      ),
  )

  it.effect("finds a job that is listed late", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.next("listed-late", { delayMs: 9_000 })
        assert.deepStrictEqual(paidJobs(simulator).length, 0)
        const submission = yield* submit()
        assert.deepStrictEqual(paidJobs(simulator), [submission.job.jobId])
      }),
    ),
  )

  it.effect("finds the job by Scenario's clock, though this machine's is minutes off", () =>
    simulate({ machineClock: offBy(-240_000) }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const submission = yield* submit()
        assert.deepStrictEqual(paidJobs(simulator), [submission.job.jobId])
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
  ] as const)("is not repeated after %s, if no job can be found", (fault: FaultName) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { path: "/generate/" })
        const error = yield* uncertain()
        assert.deepStrictEqual(error.candidates, [])
        assert.isFalse(error.isRetryable)
        assert.strictEqual(error.intent.inputs["prompt"], prompt)
        assert.isDefined(error.intent.sentAt)
        assert.strictEqual(submitsIn(simulator).length, 1)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )
})

describe("ifUncertain: resubmit", () => {
  const resubmit = { ifUncertain: "resubmit" } as const

  it.effect("submits once more, with another seed, if no job is listed after the grace period", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("server-error", { path: "/generate/" })
        const submission = yield* submit(seeded, resubmit)
        assert.deepStrictEqual(paidJobs(simulator), [submission.job.jobId])
        const seeds = submitsIn(simulator).map(({ body }) => Reflect.get(Object(body), "seed"))
        assert.strictEqual(new Set(seeds).size, 2)
      }),
    ),
  )

  it.effect("does not submit again if the job is found", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        yield* submit(seeded, resubmit)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("does not submit again if no list could be read", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.rate("server-error", 1, { path: /\/v1\/jobs$/ })
        yield* uncertain(seeded, resubmit)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("stays uncertain over refusals and a second lost response", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = "/generate/"
        simulator.faults.next("server-error", { path })
        const error = yield* Effect.forkChild(uncertain(seeded, resubmit))
        yield* Effect.sleep("5 seconds")
        simulator.faults.next("rate-limited", { path, retryAfterSeconds: 6 })
        yield* Effect.sleep("13 seconds")
        simulator.faults.next("server-error", { path })
        const { resubmitted, intent } = yield* Fiber.join(error)
        assert.strictEqual(submitsIn(simulator).length, 3)
        assert.isDefined(resubmitted)
        assert.notStrictEqual(resubmitted?.seed, intent.seed)
      }),
    ),
  )

  it.effect("stays uncertain if the second submit is refused", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = "/generate/"
        simulator.faults.next("server-error", { path })
        const error = yield* Effect.forkChild(uncertain(seeded, resubmit))
        yield* Effect.sleep("5 seconds")
        simulator.faults.next("plan-required", { path })
        assert.include((yield* Fiber.join(error)).message, "the second submit failed")
      }),
    ),
  )

  it.effect("takes the earlier job and names the other, if both exist in the end", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.next("listed-late", { delayMs: 16_500 })
        const submitting = yield* Effect.forkChild(submit(seeded, resubmit))
        yield* Effect.sleep("5 seconds")
        simulator.faults.next("slow", { path: "/generate/", delayMs: 3_000 })
        const submission = yield* Fiber.join(submitting)
        const [first, second] = paidJobs(simulator)
        assert.strictEqual(submission.job.jobId, first)
        assert.deepStrictEqual(
          submission.duplicates?.map((job) => job.jobId),
          [second],
        )
      }),
    ),
  )
})

describe("a submit that is not taken for now", () => {
  it.effect.each(["rate-limited", "concurrency-limited"] as const)(
    "is sent again with the same seed (%s)",
    (fault) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next(fault, { path: "/generate/", times: 2 })
          const { seed } = yield* submit()
          assert.strictEqual(simulator.ledger().paidJobs, 1)
          assert.deepStrictEqual(
            submitsIn(simulator).map(({ body }) => Reflect.get(Object(body), "seed")),
            [seed, seed, seed],
          )
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
  ] as const)("is not repeated after a refusal (%s)", ([fault, reason]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next(fault, { path: "/generate/" })
        const error = yield* Effect.flip(submit())
        assert.strictEqual(error._tag === "ApiError" ? error.reason._tag : error._tag, reason)
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("is sent again after a connection that was refused before anything was sent", () => {
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

describe("a network that fails under a connection that has carried the submit", () => {
  it.effect.each(["ENETUNREACH", "EHOSTUNREACH", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET"])(
    "is not taken for one that failed before: %s pays once",
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
      return simulate({ fetch: cutting }, (simulator) =>
        Effect.gen(function* () {
          yield* Effect.result(submit())
          assert.strictEqual(simulator.ledger().paidJobs, 1)
        }),
      )
    },
  )
})

describe("an interrupted submit", () => {
  it.effect("ends within two seconds once it was sent, and reports its job when the response comes", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
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
          paidJobs(simulator),
        )
        assert.strictEqual(known.length, 1)
      }),
    ),
  )

  it.effect("sends nothing while it is still queued", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("rate-limited", { path: "/generate/" })
        const submitting = yield* Effect.forkChild(submit())
        yield* Effect.sleep("500 millis")
        yield* Fiber.interrupt(submitting)
        yield* Effect.sleep("1 minute")
        assert.strictEqual(submitsIn(simulator).length, 1)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )
})

/** A machine whose clock is off by so many milliseconds. */
const offBy =
  (ms: number) =>
  (moved: Clock.Clock): Clock.Clock => ({
    currentTimeNanosUnsafe: () => moved.currentTimeNanosUnsafe(),
    currentTimeNanos: moved.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => moved.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: moved.monotonicTimeNanos,
    currentTimeMillisUnsafe: () => moved.currentTimeMillisUnsafe() + ms,
    currentTimeMillis: Effect.map(moved.currentTimeMillis, (now) => now + ms),
    sleep: (duration) => moved.sleep(duration),
  })
