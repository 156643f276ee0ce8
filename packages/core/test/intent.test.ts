import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { SubmitIntent } from "../src/submit/SubmitIntent.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { estimate, prompt, reconcile, seeded, seedless, submit } from "./support/generations.ts"
import { getPaidJobIds, getSubmits } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

/** The intent after it was stored as JSON. */
const restore = (intent: SubmitIntent): SubmitIntent => JSON.parse(JSON.stringify(intent))

describe("onSending", () => {
  simulatedTest("receives the intent once, before the first attempt", function* (simulator) {
    const intents: Array<[SubmitIntent, number]> = []
    simulator.faults.next("rate-limited", { path: "/generate/", times: 2 })
    const { seed } = yield* submit(seeded, {
      onSending: (intent) => Effect.sync(() => intents.push([intent, getSubmits(simulator).length])),
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
  })

  simulatedTest("is awaited, and stops the submit if it fails", function* (simulator) {
    const error = yield* expectFailure(
      submit(seeded, { onSending: () => Effect.delay(Effect.fail(new Error("disk full")), "1 second") }),
      "CallbackFailed",
    )
    assert.include(error.message, "Nothing was submitted, because onSending failed: disk full.")
    assert.strictEqual(getSubmits(simulator).length, 0)
  })

  simulatedTest("receives the type, size, and hash of a file instead of its content", function* () {
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
  })
})

describe("onSubmitted", () => {
  simulatedTest("fails the submit with the job if it fails", function* (simulator) {
    const error = yield* expectFailure(
      submit(seeded, { onSubmitted: () => Effect.die("no table") }),
      "CallbackFailed",
    )
    assert.strictEqual(error.job?.jobId, getPaidJobIds(simulator)[0])
    assert.include(error.message, "The callback onSubmitted failed: no table. Job")
  })
})

describe("reconcile", () => {
  simulatedTest("finds the job of an intent that was stored before the response came", function* (simulator) {
    const stored: Array<SubmitIntent> = []
    simulator.faults.next("slow", { path: "/generate/", delayMs: 60_000 })
    yield* Effect.forkChild(
      submit(seeded, { onSending: (intent) => Effect.sync(() => stored.push(restore(intent))) }),
    )
    yield* Effect.sleep("1 minute")
    const [intent] = stored
    if (intent === undefined) return assert.fail("no intent")
    const { submission } = yield* reconcile(intent)
    assert.deepStrictEqual([submission?.job.jobId], getPaidJobIds(simulator))
    assert.strictEqual(submission?.seed, intent.seed)
  })

  simulatedTest("finds the job behind 450 newer ones", function* (simulator) {
    let intent: SubmitIntent | undefined
    const { job } = yield* submit(seeded, {
      onSending: (sent) => Effect.sync(() => (intent = restore(sent))),
    })
    if (intent === undefined) return assert.fail("no intent")
    yield* Effect.sleep("3 minutes")
    for (let index = 0; index < 450; index++) {
      simulator.addJob({ modelId: "model_flux-composer", input: { prompt, seed: index } })
    }
    const found = yield* reconcile(intent)
    assert.strictEqual(found.submission?.job.jobId, job.jobId)
  })

  simulatedTest(
    "returns candidates if the job can't be recognized, and says from a minute on that the list was complete",
    function* (simulator) {
      simulator.faults.next("lost-response")
      const error = yield* expectFailure(submit(seedless), "SubmitUncertain")
      const early = yield* reconcile(restore(error.intent))
      assert.isFalse(early.isComplete)
      const found = yield* reconcile(restore(error.intent), { timeout: "90 seconds" })
      assert.isUndefined(found.submission)
      assert.isTrue(found.isComplete)
      assert.deepStrictEqual(
        found.candidates.map((job) => job.jobId),
        getPaidJobIds(simulator),
      )
    },
  )

  simulatedTest("does not return jobs from well before the intent as candidates", function* (simulator) {
    simulator.addJob({ modelId: "model_canvas-image-2", input: { prompt }, ageMs: 90_000 })
    simulator.faults.next("server-error", { path: "/generate/" })
    const error = yield* expectFailure(submit(seedless), "SubmitUncertain")
    assert.deepStrictEqual((yield* reconcile(error.intent)).candidates, [])
  })

  simulatedTest("rejects a value that is not an intent", function* () {
    for (const wrong of [undefined, null, {}, "job_1", { path: "/jobs", method: "GET" }]) {
      yield* expectFailure(reconcile(JSON.parse(JSON.stringify(wrong ?? null))), "InvalidInput")
    }
  })

  simulatedTest(
    "rejects an intent whose seed, author, dates, defaults, or clock are unreadable",
    function* (simulator) {
      simulator.faults.next("server-error", { path: "/generate/" })
      const error = yield* expectFailure(submit(seeded), "SubmitUncertain")
      const { intent } = error
      for (const damage of [{ seed: "7" }, { authorId: 7 }, { sentAt: 7 }, { defaults: "" }, { clock: "" }]) {
        yield* expectFailure(reconcile(JSON.parse(JSON.stringify({ ...intent, ...damage }))), "InvalidInput")
      }
      yield* reconcile(JSON.parse(JSON.stringify({ ...intent, defaults: null })))
    },
  )

  simulatedTest("fails if the jobs can't be listed", function* (simulator) {
    simulator.faults.next("server-error", { path: "/generate/" })
    const error = yield* expectFailure(submit(seeded), "SubmitUncertain")
    simulator.faults.rate("forbidden", 1, { path: "/v1/jobs" })
    yield* expectFailure(reconcile(error.intent), "ApiError")
  })
})

describe("requestKey", () => {
  simulatedTest("resumes the job of the first submit with the same key", function* (simulator) {
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
  })

  simulatedTest("pays once for three simultaneous submits", function* (simulator) {
    simulator.faults.rate("listed-late", 1, { delayMs: 60_000 })
    const all = yield* Effect.forEach([1, 2, 3], () => submit(seeded, { requestKey: "order 7" }), {
      concurrency: "unbounded",
    })
    assert.strictEqual(new Set(all.map(({ job }) => job.jobId)).size, 1)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest(
    "stays uncertain while the first submit is uncertain, and resumes its job after it is listed",
    function* (simulator) {
      simulator.faults.next("lost-response")
      simulator.faults.next("listed-late", { delayMs: 60_000 })
      yield* Effect.flip(submit(seeded, { requestKey: "order 7" }))
      yield* expectFailure(submit(seeded, { requestKey: "order 7" }), "SubmitUncertain")
      yield* Effect.sleep("1 minute")
      const { job } = yield* submit(seeded, { requestKey: "order 7" })
      assert.deepStrictEqual(getPaidJobIds(simulator), [job.jobId])
    },
  )

  simulatedTest("finds the first job even if the list shows no inputs", function* (simulator) {
    simulator.faults.rate("list-without-inputs", 1)
    yield* submit(seeded, { requestKey: "order 7" })
    yield* submit(seeded, { requestKey: "order 7" })
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("is rejected together with identifyBySeed: false", function* () {
    yield* expectFailure(submit(seeded, { requestKey: "order 7", identifyBySeed: false }), "InvalidInput")
  })

  simulatedTest("submits again if the first job failed", function* (simulator) {
    simulator.planNextJob({ outcome: "failure", durationMs: 1_000 })
    yield* submit(seeded, { requestKey: "order 7" })
    yield* Effect.sleep("1 minute")
    yield* submit(seeded, { requestKey: "order 7" })
    assert.strictEqual(getSubmits(simulator).length, 2)
  })

  simulatedTest("submits nothing if earlier jobs can't be listed", function* (simulator) {
    simulator.faults.rate("forbidden", 1, { path: "/v1/jobs" })
    yield* Effect.flip(submit(seeded, { requestKey: "order 7" }))
    assert.strictEqual(getSubmits(simulator).length, 0)
  })
})

describe("a submit whose caller was interrupted", () => {
  simulatedTest("is not sent again after a refusal", function* (simulator) {
    simulator.faults.next("slow", { path: "/generate/", delayMs: 4_000 })
    simulator.faults.next("rate-limited", { path: "/generate/", retryAfterSeconds: 2 })
    const submitting = yield* Effect.forkChild(submit(seeded))
    while (getSubmits(simulator).length === 0) yield* Effect.sleep("100 millis")
    yield* Fiber.interrupt(submitting)
    yield* Effect.sleep("1 minute")
    assert.strictEqual(getSubmits(simulator).length, 1)
    assert.strictEqual(simulator.ledger().paidJobs, 0)
  })

  simulatedTest("is not resubmitted", function* (simulator) {
    simulator.faults.next("server-error", { path: "/generate/" })
    const submitting = yield* Effect.forkChild(submit(seeded, { ifUncertain: "resubmit" }))
    yield* Effect.sleep("2 seconds")
    yield* Fiber.interrupt(submitting)
    yield* Effect.sleep("1 minute")
    assert.strictEqual(getSubmits(simulator).length, 1)
  })
})

describe("a callback that never ends", () => {
  simulatedTest.each(["onSending", "onSubmitted"] as const)(
    "ends at the total timeout (%s)",
    function* (simulator, name) {
      const error = yield* expectFailure(
        submit(seeded, { totalTimeout: "10 seconds", [name]: () => Effect.never }),
        "CallbackFailed",
      )
      assert.strictEqual(error.callback, name)
      assert.strictEqual(simulator.ledger().paidJobs, name === "onSending" ? 0 : 1)
    },
  )
})

describe("a total timeout", () => {
  simulatedTest(
    "sends nothing if the account's budget allows no request in time",
    { settings: { requestsPerMinute: 3 } },
    function* (simulator) {
      yield* Effect.forEach([1, 2, 3], () => estimate(seedless), { discard: true })
      const waiting = yield* Effect.forkChild(
        expectApiError(submit(seedless, { totalTimeout: "8 seconds" }), "Unreachable"),
      )
      const begunAt = simulator.now()
      yield* Fiber.join(waiting)
      assert.isAtMost(simulator.now() - begunAt, 8_250)
      yield* Effect.sleep("2 minutes")
      assert.strictEqual(simulator.ledger().paidJobs, 0)
    },
  )
})
