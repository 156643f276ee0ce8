import type { JobPlan, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Result, Stream } from "effect"
import { Generations } from "../src/submit/Generations.ts"
import type { JobUpdate } from "../src/watch/JobUpdate.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { pollsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const submitPlanned = (simulator: Simulator, plan: JobPlan) =>
  Generations.use((generations) => {
    simulator.planNextJob(plan)
    return generations.submit({
      endpoint: "txt2img",
      inputs: { modelId: "model_flux-1-dev", prompt: "a red house" },
    })
  })

const waitFor = (...[job, options]: Parameters<Jobs["Service"]["waitFor"]>) =>
  Jobs.use((jobs) => jobs.waitFor(job, options))

describe("waitFor", () => {
  it.effect("ends when the job has succeeded, with its assets in order, cost and history", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 20_000, assetCount: 3 })
        const finished = yield* waitFor(submission)
        assert.strictEqual(finished.assetIds.length, 3)
        assert.strictEqual(finished.snapshot.status, "success")
        assert.isAbove(finished.cost ?? 0, 0)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("polls a few times, and not long after the job has ended", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
        const begun = yield* Clock.currentTimeMillis
        yield* waitFor(submission)
        const waited = (yield* Clock.currentTimeMillis) - begun
        assert.isAtMost(waited, 64_000)
        assert.isAtMost(pollsIn(simulator).length, 30)
      }),
    ),
  )

  it.effect("times out, or returns the finished job, if a callback never ends", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobs = yield* Effect.forEach([60_000, 5_000], (durationMs) =>
          submitPlanned(simulator, { durationMs }),
        )
        const begun = yield* Clock.currentTimeMillis
        const [unfinished, finished] = yield* Effect.forEach(
          jobs,
          (job) => Effect.result(waitFor(job, { timeout: "20 seconds", onUpdate: () => Effect.never })),
          { concurrency: "unbounded" },
        )
        assert.strictEqual(
          unfinished && Result.isFailure(unfinished) && unfinished.failure._tag,
          "WaitTimedOut",
        )
        assert.isTrue(finished && Result.isSuccess(finished))
        assert.isAtMost((yield* Clock.currentTimeMillis) - begun, 30_000)
      }),
    ),
  )

  it.effect("reports what changes, and only that", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
        const updates: Array<JobUpdate> = []
        yield* waitFor(submission, { onUpdate: (update) => Effect.sync(() => updates.push(update)) })
        assert.strictEqual(updates.at(-1)?._tag, "JobSucceeded")
        assert.include(
          updates.map((update) => update._tag),
          "JobProgressed",
        )
        const reported = updates.map(({ job }) => `${job.status} ${job.progress}`)
        assert.strictEqual(new Set(reported).size, reported.length)
      }),
    ),
  )

  it.effect("fails with the API's own reason and hint when the job has failed", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, {
          durationMs: 5_000,
          outcome: "failure",
          error: "The prompt was refused by moderation",
          hint: "Rephrase the prompt",
          disableRefund: true,
        })
        const error = yield* Effect.flip(waitFor(submission))
        assert.strictEqual(error._tag, "JobFailed")
        if (error._tag !== "JobFailed") return
        assert.strictEqual(error.job.jobId, submission.job.jobId)
        assert.strictEqual(error.reason, "The prompt was refused by moderation")
        assert.strictEqual(error.hint, "Rephrase the prompt")
        assert.isFalse(error.reimbursed)
      }),
    ),
  )

  it.effect("fails with JobCanceled when the job was canceled", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 5_000, outcome: "canceled" })
        const error = yield* Effect.flip(waitFor(submission))
        assert.strictEqual(error._tag, "JobCanceled")
      }),
    ),
  )

  it.effect("keeps waiting through a status that is unknown today", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, {
          durationMs: 20_000,
          unknownStatus: "paused-for-review",
        })
        const statuses: Array<string> = []
        const finished = yield* waitFor(submission, {
          onUpdate: ({ job }) => Effect.sync(() => statuses.push(job.status)),
        })
        assert.include(statuses, "paused-for-review")
        assert.strictEqual(finished.snapshot.status, "success")
      }),
    ),
  )

  it.effect("leaves it open whether a failed job was reimbursed if the billing doesn't say", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 5_000, outcome: "failure" })
        const error = yield* Effect.flip(waitFor(submission))
        assert.strictEqual(error._tag, "JobFailed")
        if (error._tag !== "JobFailed") return
        assert.isUndefined(error.reimbursed)
        assert.include(error.message, "doesn't say whether")
      }),
    ),
  )

  it.effect.each([
    ["SUCCEEDED", "JobSucceeded"],
    ["completed", "JobSucceeded"],
    ["Error", "JobFailed"],
    ["expired", "JobFailed"],
    ["Cancelled", "JobCanceled"],
  ] as const)("ends at the status %s", ([status, outcome]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
        simulator.faults.rate("unknown-status", 1, { path: "/jobs/", value: status })
        const ended = yield* Effect.result(waitFor(submission, { timeout: "30 seconds" }))
        assert.strictEqual(Result.isSuccess(ended) ? "JobSucceeded" : ended.failure._tag, outcome)
      }),
    ),
  )

  it.effect.each([0, 300, 1_500, 5_000])("with a timeout of %d ms never ends before it", (timeout) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 120_000 })
        const begun = yield* Clock.currentTimeMillis
        const error = yield* Effect.flip(waitFor(submission, { timeout }))
        assert.strictEqual(error._tag, "WaitTimedOut")
        assert.isAtLeast((yield* Clock.currentTimeMillis) - begun, timeout)
        assert.isAtMost((yield* Clock.currentTimeMillis) - begun, timeout + 1_000)
        if (error._tag === "WaitTimedOut") assert.isAtLeast(error.waitedMs, timeout)
        assert.isAtLeast(pollsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("refuses a timeout that isn't a duration, before anything is sent", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(waitFor("job_1", { timeout: Number.NaN }))
        assert.strictEqual(error._tag, "InvalidInput")
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )

  it.effect("names the job that still runs when the time is up, and loses nothing", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 120_000 })
        const error = yield* Effect.flip(waitFor(submission, { timeout: "30 seconds" }))
        assert.strictEqual(error._tag, "WaitTimedOut")
        if (error._tag !== "WaitTimedOut") return
        assert.strictEqual(error.job.jobId, submission.job.jobId)
        assert.strictEqual(error.waitedMs, 30_000)
        assert.isTrue(error.isRetryable)
        const finished = yield* waitFor(error)
        assert.strictEqual(finished.job.jobId, submission.job.jobId)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("polls once more just before the deadline", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 29_000 })
        yield* waitFor(submission, { timeout: "30 seconds" })
      }),
    ),
  )

  it.effect("takes up a job by its bare id, and sees at once that it has ended", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ ageMs: 3_600_000, durationMs: 9_000, assetIds: ["asset_1"] })
        const begun = yield* Clock.currentTimeMillis
        const finished = yield* waitFor(jobId)
        assert.deepStrictEqual(finished.assetIds, ["asset_1"])
        assert.isBelow((yield* Clock.currentTimeMillis) - begun, 1_000)
        assert.strictEqual(pollsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("ends with NotFound, soon, for an unknown id", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(waitFor("job_unknown"))
        assert.strictEqual(error._tag === "ApiError" ? error.reason._tag : error._tag, "NotFound")
        assert.isAtMost(pollsIn(simulator).length, 3)
      }),
    ),
  )

  it.effect("survives a job that is not to be found for a moment", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
        simulator.faults.next("vanished-job", { times: 3 })
        const finished = yield* waitFor(submission)
        assert.strictEqual(finished.snapshot.status, "success")
      }),
    ),
  )

  it.effect("ends with NotFound and the job's id when a job has vanished for good", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000, vanishAfterMs: 15_000 })
        const error = yield* Effect.flip(waitFor(submission))
        assert.strictEqual(error._tag, "ApiError")
        if (error._tag !== "ApiError") return
        assert.strictEqual(error.reason._tag, "NotFound")
        assert.strictEqual(error.jobId, submission.job.jobId)
      }),
    ),
  )

  it.effect.each([
    "server-error",
    "bad-gateway-html",
    "unavailable",
    "gateway-timeout",
    "rate-limited",
    "connection-reset",
    "hang",
    "truncated-body",
    "malformed-json",
    "empty-body",
  ] as const)("goes on through %s", (fault) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 20_000 })
        simulator.faults.next(fault, { path: "/jobs/", times: 2 })
        const finished = yield* waitFor(submission)
        assert.strictEqual(finished.snapshot.status, "success")
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect("does not poll before the time that a 429 asks for", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
        simulator.faults.next("rate-limited", { path: "/jobs/", retryAfterSeconds: 25 })
        yield* waitFor(submission)
        const [limited, next] = pollsIn(simulator)
        assert.isAtLeast((next?.at ?? 0) - (limited?.at ?? 0), 25_000)
      }),
    ),
  )

  it.effect("reports the error when every poll fails until the time is up", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
        simulator.faults.rate("unavailable", 1, { path: "/jobs/" })
        const error = yield* Effect.flip(waitFor(submission, { timeout: "1 minute" }))
        assert.strictEqual(error._tag, "WaitTimedOut")
        if (error._tag === "WaitTimedOut") assert.include(error.lastTrouble, "503")
      }),
    ),
  )

  it.effect("ends at once when the key is no longer good, with the job's id", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
        simulator.faults.next("unauthorized", { path: "/jobs/" })
        const error = yield* Effect.flip(waitFor(submission))
        assert.strictEqual(error._tag === "ApiError" ? error.reason._tag : error._tag, "Unauthorized")
        assert.include(error.message, submission.job.jobId)
      }),
    ),
  )

  it.effect("is not misled by a clock of Scenario's that runs minutes ahead", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("clock-skew", 1, { skewMs: 300_000 })
        const submission = yield* submitPlanned(simulator, { durationMs: 30_000 })
        const begun = yield* Clock.currentTimeMillis
        yield* waitFor(submission)
        assert.isAtMost((yield* Clock.currentTimeMillis) - begun, 40_000)
      }),
    ),
  )

  it.effect("sees the end soon of a job whose dates are years old", () => {
    const fetchWithOldDates: typeof globalThis.fetch = async (input, init) => {
      const response = await globalThis.fetch(input, init)
      const text = await response.text()
      return new Response(
        text.replaceAll(/"20\d\d-\d\d-\d\dT[^"]+"/g, '"2023-02-03T11:19:41.579Z"'),
        response,
      )
    }
    return simulate({ fetch: fetchWithOldDates }, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 120_000 })
        const begun = yield* Clock.currentTimeMillis
        yield* waitFor(submission)
        assert.isAtMost((yield* Clock.currentTimeMillis) - begun, 124_500)
      }),
    )
  })

  it.effect.each(["smooth", "stepped", "stuck", "none", "backwards"] as const)(
    "sees the end soon when progress is %s",
    (progress) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          const submission = yield* submitPlanned(simulator, { durationMs: 40_000, progress })
          const begun = yield* Clock.currentTimeMillis
          yield* waitFor(submission)
          assert.isAtMost((yield* Clock.currentTimeMillis) - begun, 44_000)
        }),
      ),
  )

  it.effect("stops polling once it is interrupted, and the job goes on", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
        const waiting = yield* Effect.forkChild(waitFor(submission))
        yield* Effect.sleep("10 seconds")
        yield* Fiber.interrupt(waiting)
        const polls = pollsIn(simulator).length
        yield* Effect.sleep("2 minutes")
        assert.strictEqual(pollsIn(simulator).length, polls)
        assert.strictEqual((yield* Jobs.use((jobs) => jobs.get(submission))).status, "success")
      }),
    ),
  )

  it.effect("shares the polls of two waits for one job", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 30_000 })
        const both = yield* Effect.all([waitFor(submission), waitFor(submission)], { concurrency: 2 })
        assert.strictEqual(both[0].job.jobId, both[1].job.jobId)
        assert.isAtMost(pollsIn(simulator).length, 20)
      }),
    ),
  )

  it.effect("keeps a fleet within the account's requests a minute", () =>
    simulate({ requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
        const jobIds = Array.from({ length: 60 }, () =>
          simulator.addJob({ status: "success", durationMs: 90_000, assetIds: ["asset_1"] }),
        )
        yield* Effect.forEach(jobIds, (jobId) => waitFor(jobId), { concurrency: "unbounded" })
        assert.deepStrictEqual(
          simulator.requests().filter((request) => request.status === 429),
          [],
        )
      }),
    ),
  )
})

describe("watch", () => {
  it.effect("is the same wait as a stream, which ends with the job", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 30_000 })
        const jobs = yield* Jobs
        const updates = yield* Stream.runCollect(jobs.watch(submission))
        assert.strictEqual(updates.at(-1)?._tag, "JobSucceeded")
      }),
    ),
  )

  it.effect("fails as the job does", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 5_000, outcome: "failure" })
        const jobs = yield* Jobs
        const error = yield* Effect.flip(Stream.runDrain(jobs.watch(submission)))
        assert.strictEqual(error._tag, "JobFailed")
      }),
    ),
  )

  it.effect("stops polling when its reader goes away", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
        const jobs = yield* Jobs
        yield* Stream.runDrain(Stream.take(jobs.watch(submission), 1))
        const polls = pollsIn(simulator).length
        yield* Effect.sleep("1 minute")
        assert.strictEqual(pollsIn(simulator).length, polls)
      }),
    ),
  )
})

describe("cancel", () => {
  it.effect("cancels an inference job", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
        const jobs = yield* Jobs
        assert.strictEqual(yield* jobs.cancel(submission), "canceled")
        assert.strictEqual((yield* Effect.flip(waitFor(submission)))._tag, "JobCanceled")
      }),
    ),
  )

  it.effect("says only that it was requested as long as the job isn't shown as canceled", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
        simulator.faults.next("unknown-status", { path: "/action", value: "in-progress" })
        const jobs = yield* Jobs
        assert.strictEqual(yield* jobs.cancel(submission), "requested")
      }),
    ),
  )

  it.effect("says so if this kind of job cannot be canceled", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const generations = yield* Generations
        const jobs = yield* Jobs
        const submission = yield* generations.submit({
          model: "model_canvas-image-2",
          inputs: { prompt: "a red house" },
        })
        assert.strictEqual(yield* jobs.cancel(submission), "not-permitted")
      }),
    ),
  )

  it.effect("says so if the job has ended already", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const submission = yield* submitPlanned(simulator, { durationMs: 1_000 })
        yield* waitFor(submission)
        const jobs = yield* Jobs
        assert.strictEqual(yield* jobs.cancel(submission), "already-finished")
      }),
    ),
  )
})
