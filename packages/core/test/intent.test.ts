import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect, Fiber } from "effect"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { SubmitIntent } from "../src/submit/SubmitIntent.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { submitsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const prompt = "a red house"
const seeded: GenerationRequest = { model: "model_flux-composer", inputs: { prompt } }
const seedless: GenerationRequest = { model: "model_canvas-image-2", inputs: { prompt } }

const submit = (request: GenerationRequest, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

const reconcile = (intent: SubmitIntent) => Generations.use((generations) => generations.reconcile(intent))

const paidJobs = (simulator: Simulator) => simulator.ledger().entries.map(({ jobId }) => jobId)

/** An intent as another process reads it from a database. */
const restored = (intent: SubmitIntent): SubmitIntent => JSON.parse(JSON.stringify(intent))

describe("onSending", () => {
  it.effect("receives the intent before anything is sent, once for all attempts of it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const intents: Array<[SubmitIntent, number]> = []
        simulator.faults.next("rate-limited", { path: "/generate/", times: 2 })
        const { seed } = yield* submit(seeded, {
          onSending: (intent) => Effect.sync(() => intents.push([intent, submitsIn(simulator).length])),
        })
        const [[intent, sentBefore] = [], ...others] = intents
        assert.deepStrictEqual([others.length, sentBefore], [0, 0])
        assert.deepInclude(intent, {
          method: "POST",
          path: "/generate/custom/model_flux-composer",
          clock: "scenario",
          seed,
        })
        assert.deepStrictEqual(intent?.inputs, { prompt, seed })
      }),
    ),
  )

  it.effect("is awaited, and sends nothing if it fails", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          submit(seeded, { onSending: () => Effect.delay(Effect.fail(new Error("disk full")), "1 second") }),
        )
        assert.strictEqual(error._tag, "CallbackFailed")
        assert.include(error.message, "Nothing was submitted, because onSending failed: disk full.")
        assert.strictEqual(submitsIn(simulator).length, 0)
      }),
    ),
  )

  it.effect("receives files as type, size and hash instead of their content", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        let intent: SubmitIntent | undefined
        yield* Effect.flip(
          submit(
            { endpoint: "remove-background", inputs: { image: "data:image/png;base64,aGVsbG8=" } },
            {
              onSending: (sent) =>
                Effect.andThen(
                  Effect.sync(() => (intent = sent)),
                  Effect.fail("stop"),
                ),
            },
          ),
        )
        assert.deepStrictEqual(intent?.inputs["image"], {
          dataUrl: {
            contentType: "image/png",
            size: 5,
            sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
          },
        })
        assert.isBelow(JSON.stringify(intent).length, 1_000)
      }),
    ),
  )
})

describe("onSubmitted", () => {
  it.effect("leaves the job in the error if it fails", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(submit(seeded, { onSubmitted: () => Effect.die("no table") }))
        assert.strictEqual(error._tag === "CallbackFailed" && error.job?.jobId, paidJobs(simulator)[0])
        assert.include(error.message, "The callback onSubmitted failed: no table. Job")
      }),
    ),
  )
})

describe("reconcile", () => {
  it.effect("finds the job of an intent that was stored before a crash", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const stored: Array<SubmitIntent> = []
        simulator.faults.next("slow", { path: "/generate/", delayMs: 60_000 })
        yield* Effect.forkChild(
          submit(seeded, { onSending: (intent) => Effect.sync(() => stored.push(restored(intent))) }),
        )
        yield* Effect.sleep("1 minute")
        const [intent] = stored
        if (intent === undefined) return assert.fail("no intent")
        const { submission } = yield* reconcile(intent)
        assert.deepStrictEqual([submission?.job.jobId], paidJobs(simulator))
        assert.strictEqual(submission?.seed, intent.seed)
      }),
    ),
  )

  it.effect("finds it hours later, behind many jobs of others", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        let intent: SubmitIntent | undefined
        const { job } = yield* submit(seeded, {
          onSending: (sent) => Effect.sync(() => (intent = restored(sent))),
        })
        if (intent === undefined) return assert.fail("no intent")
        yield* Effect.sleep("3 minutes")
        for (let index = 0; index < 450; index++) {
          simulator.addJob({ modelId: "model_flux-composer", input: { prompt, seed: index } })
        }
        const found = yield* reconcile(intent)
        assert.strictEqual(found.submission?.job.jobId, job.jobId)
      }),
    ),
  )

  it.effect("names candidates if the job can't be recognized, and says that the list was complete", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const error = yield* Effect.flip(submit(seedless))
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        const found = yield* reconcile(restored(error.intent))
        assert.isUndefined(found.submission)
        assert.isTrue(found.isComplete)
        assert.deepStrictEqual(
          found.candidates.map((job) => job.jobId),
          paidJobs(simulator),
        )
      }),
    ),
  )

  it.effect("does not offer jobs from well before the intent", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.addJob({ modelId: "model_canvas-image-2", input: { prompt }, ageMs: 90_000 })
        simulator.faults.next("server-error", { path: "/generate/" })
        const error = yield* Effect.flip(submit(seedless))
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        assert.deepStrictEqual((yield* reconcile(error.intent)).candidates, [])
      }),
    ),
  )

  it.effect("refuses what is no intent", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        for (const wrong of [undefined, null, {}, "job_1", { path: "/jobs", method: "GET" }]) {
          const error = yield* Effect.flip(reconcile(JSON.parse(JSON.stringify(wrong ?? null))))
          assert.strictEqual(error._tag, "InvalidInput")
        }
      }),
    ),
  )

  it.effect(
    "refuses an intent whose seed, author or dates can't be read, instead of searching without them",
    () =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          simulator.faults.next("server-error", { path: "/generate/" })
          const error = yield* Effect.flip(submit(seeded))
          if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
          const { intent } = error
          for (const damage of [
            { seed: "7" },
            { authorId: 7 },
            { sentAt: 7 },
            { defaults: "" },
            { clock: "" },
          ]) {
            const refused = yield* Effect.flip(
              reconcile(JSON.parse(JSON.stringify({ ...intent, ...damage }))),
            )
            assert.strictEqual(refused._tag, "InvalidInput")
          }
          yield* reconcile(JSON.parse(JSON.stringify({ ...intent, defaults: null })))
        }),
      ),
  )

  it.effect("fails if the jobs can't be listed, instead of saying that there is none", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("server-error", { path: "/generate/" })
        const error = yield* Effect.flip(submit(seeded))
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        simulator.faults.rate("forbidden", 1, { path: "/v1/jobs" })
        assert.strictEqual((yield* Effect.flip(reconcile(error.intent)))._tag, "ApiError")
      }),
    ),
  )
})

describe("requestKey", () => {
  it.effect("resumes the job of the first submit with the same key, in any process", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const known: Array<string> = []
        const first = yield* submit(seeded, { requestKey: "order 7" })
        yield* Effect.sleep("1 hour")
        const second = yield* submit(seeded, {
          requestKey: "order 7",
          onSubmitted: ({ job }) => Effect.sync(() => known.push(job.jobId)),
        })
        assert.strictEqual(second.job.jobId, first.job.jobId)
        assert.deepStrictEqual(known, [first.job.jobId])
        assert.strictEqual(simulator.ledger().paidJobs, 1)
        yield* submit(seeded, { requestKey: "order 8" })
        assert.strictEqual(simulator.ledger().paidJobs, 2)
      }),
    ),
  )

  it.effect("pays once for three submits at once", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("listed-late", 1, { delayMs: 60_000 })
        const all = yield* Effect.forEach([1, 2, 3], () => submit(seeded, { requestKey: "order 7" }), {
          concurrency: "unbounded",
        })
        assert.strictEqual(new Set(all.map(({ job }) => job.jobId)).size, 1)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("stays uncertain while the first submit is, and resumes its job once it is listed", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.next("listed-late", { delayMs: 60_000 })
        yield* Effect.flip(submit(seeded, { requestKey: "order 7" }))
        const again = yield* Effect.flip(submit(seeded, { requestKey: "order 7" }))
        assert.strictEqual(again._tag, "SubmitUncertain")
        yield* Effect.sleep("1 minute")
        const { job } = yield* submit(seeded, { requestKey: "order 7" })
        assert.deepStrictEqual(paidJobs(simulator), [job.jobId])
      }),
    ),
  )

  it.effect("finds the first job though the list shows no inputs", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("list-without-inputs", 1)
        yield* submit(seeded, { requestKey: "order 7" })
        yield* submit(seeded, { requestKey: "order 7" })
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("is refused together with identifyBySeed: false", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(submit(seeded, { requestKey: "order 7", identifyBySeed: false }))
        assert.strictEqual(error._tag, "InvalidInput")
      }),
    ),
  )

  it.effect("submits again if the first job failed", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.planNextJob({ outcome: "failure", durationMs: 1_000 })
        yield* submit(seeded, { requestKey: "order 7" })
        yield* Effect.sleep("1 minute")
        yield* submit(seeded, { requestKey: "order 7" })
        assert.strictEqual(submitsIn(simulator).length, 2)
      }),
    ),
  )

  it.effect("submits nothing if the earlier jobs can't be listed", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("forbidden", 1, { path: "/v1/jobs" })
        yield* Effect.flip(submit(seeded, { requestKey: "order 7" }))
        assert.strictEqual(submitsIn(simulator).length, 0)
      }),
    ),
  )
})

describe("a submit whose caller has left", () => {
  it.effect("is not sent again after a refusal", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("slow", { path: "/generate/", delayMs: 4_000 })
        simulator.faults.next("rate-limited", { path: "/generate/", retryAfterSeconds: 2 })
        const submitting = yield* Effect.forkChild(submit(seeded))
        while (submitsIn(simulator).length === 0) yield* Effect.sleep("100 millis")
        yield* Fiber.interrupt(submitting)
        yield* Effect.sleep("1 minute")
        assert.strictEqual(submitsIn(simulator).length, 1)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )

  it.effect("is not resubmitted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("server-error", { path: "/generate/" })
        const submitting = yield* Effect.forkChild(submit(seeded, { ifUncertain: "resubmit" }))
        yield* Effect.sleep("2 seconds")
        yield* Fiber.interrupt(submitting)
        yield* Effect.sleep("1 minute")
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )
})

describe("a callback that never ends", () => {
  it.effect.each(["onSending", "onSubmitted"] as const)("does not outlast the total timeout (%s)", (name) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          submit(seeded, { totalTimeout: "10 seconds", [name]: () => Effect.never }),
        )
        assert.strictEqual(error._tag === "CallbackFailed" && error.callback, name)
        assert.strictEqual(simulator.ledger().paidJobs, name === "onSending" ? 0 : 1)
      }),
    ),
  )
})

describe("a total timeout", () => {
  it.effect("sends nothing if the account's budget has no room in time", () =>
    simulate({ settings: { requestsPerMinute: 3 } }, (simulator) =>
      Effect.gen(function* () {
        const generations = yield* Generations
        yield* Effect.forEach([1, 2, 3], () => generations.estimate(seedless), { discard: true })
        const waiting = yield* Effect.forkChild(Effect.flip(submit(seedless, { totalTimeout: "8 seconds" })))
        const begunAt = simulator.now()
        const error = yield* Fiber.join(waiting)
        assert.isAtMost(simulator.now() - begunAt, 8_250)
        assert.strictEqual(error._tag === "ApiError" && error.reason._tag, "Unreachable")
        yield* Effect.sleep("2 minutes")
        assert.strictEqual(simulator.ledger().paidJobs, 0)
      }),
    ),
  )
})
