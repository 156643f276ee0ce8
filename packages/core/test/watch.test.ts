import type { JobPlan, Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Result, Stream } from "effect"
import { Generations } from "../src/submit/Generations.ts"
import type { JobUpdate } from "../src/watch/JobUpdate.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { getPolls } from "./support/requests.ts"
import { simulate, simulatedTest } from "./support/simulation.ts"

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
  simulatedTest("returns the finished job with its assets, cost, and snapshot", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 20_000, assetCount: 3 })
    const finished = yield* waitFor(submission)
    assert.strictEqual(finished.assetIds.length, 3)
    assert.strictEqual(finished.snapshot.status, "success")
    assert.isAbove(finished.cost ?? 0, 0)
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest(
    "notices the end of a one-minute job within 4 seconds, with at most 30 polls",
    function* (simulator) {
      const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
      const begunAt = yield* Clock.currentTimeMillis
      yield* waitFor(submission)
      const waited = (yield* Clock.currentTimeMillis) - begunAt
      assert.isAtMost(waited, 64_000)
      assert.isAtMost(getPolls(simulator).length, 30)
    },
  )

  simulatedTest("times out, or returns the finished job, if a callback never ends", function* (simulator) {
    const jobs = yield* Effect.forEach([60_000, 5_000], (durationMs) =>
      submitPlanned(simulator, { durationMs }),
    )
    const begunAt = yield* Clock.currentTimeMillis
    const [unfinished, finished] = yield* Effect.forEach(
      jobs,
      (job) => Effect.result(waitFor(job, { timeout: "20 seconds", onUpdate: () => Effect.never })),
      { concurrency: "unbounded" },
    )
    assert.strictEqual(unfinished && Result.isFailure(unfinished) && unfinished.failure._tag, "WaitTimedOut")
    assert.isTrue(finished && Result.isSuccess(finished))
    assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 30_000)
  })

  simulatedTest("reports only changes", function* (simulator) {
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
  })

  simulatedTest("fails with the API's reason and hint if the job fails", function* (simulator) {
    const submission = yield* submitPlanned(simulator, {
      durationMs: 5_000,
      outcome: "failure",
      error: "The prompt was refused by moderation",
      hint: "Rephrase the prompt",
      disableRefund: true,
    })
    const error = yield* expectFailure(waitFor(submission), "JobFailed")
    assert.strictEqual(error.job.jobId, submission.job.jobId)
    assert.strictEqual(error.reason, "The prompt was refused by moderation")
    assert.strictEqual(error.hint, "Rephrase the prompt")
    assert.isFalse(error.reimbursed)
  })

  simulatedTest("fails with JobCanceled if the job is canceled", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 5_000, outcome: "canceled" })
    yield* expectFailure(waitFor(submission), "JobCanceled")
  })

  simulatedTest("keeps waiting during an unknown status", function* (simulator) {
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
  })

  simulatedTest("doesn't say whether a failed job was reimbursed if the API doesn't", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 5_000, outcome: "failure" })
    const error = yield* expectFailure(waitFor(submission), "JobFailed")
    assert.isUndefined(error.reimbursed)
    assert.include(error.message, "doesn't say whether")
  })

  simulatedTest.each([
    ["SUCCEEDED", "JobSucceeded"],
    ["completed", "JobSucceeded"],
    ["Error", "JobFailed"],
    ["expired", "JobFailed"],
    ["Cancelled", "JobCanceled"],
  ] as const)("ends at the status %s", function* (simulator, [status, outcome]) {
    const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
    simulator.faults.rate("unknown-status", 1, { path: "/jobs/", value: status })
    const ended = yield* Effect.result(waitFor(submission, { timeout: "30 seconds" }))
    assert.strictEqual(Result.isSuccess(ended) ? "JobSucceeded" : ended.failure._tag, outcome)
  })

  simulatedTest.each([0, 300, 1_500, 5_000])(
    "with a timeout of %d ms ends at it",
    function* (simulator, timeout) {
      const submission = yield* submitPlanned(simulator, { durationMs: 120_000 })
      const begunAt = yield* Clock.currentTimeMillis
      const error = yield* expectFailure(waitFor(submission, { timeout }), "WaitTimedOut")
      assert.isAtLeast((yield* Clock.currentTimeMillis) - begunAt, timeout)
      assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, timeout + 1_000)
      assert.isAtLeast(error.waitedMs, timeout)
      assert.isAtLeast(getPolls(simulator).length, 1)
    },
  )

  simulatedTest("rejects an invalid timeout before a request is sent", function* (simulator) {
    yield* expectFailure(waitFor("job_1", { timeout: Number.NaN }), "InvalidInput")
    assert.deepStrictEqual(simulator.requests(), [])
  })

  simulatedTest("times out with the running job, which can be waited for again", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 120_000 })
    const error = yield* expectFailure(waitFor(submission, { timeout: "30 seconds" }), "WaitTimedOut")
    assert.strictEqual(error.job.jobId, submission.job.jobId)
    assert.strictEqual(error.waitedMs, 30_000)
    assert.isTrue(error.isRetryable)
    const finished = yield* waitFor(error)
    assert.strictEqual(finished.job.jobId, submission.job.jobId)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("polls once more just before the deadline", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 29_000 })
    yield* waitFor(submission, { timeout: "30 seconds" })
  })

  simulatedTest("returns at once if a job given by its ID has ended", function* (simulator) {
    const jobId = simulator.addJob({ ageMs: 3_600_000, durationMs: 9_000, assetIds: ["asset_1"] })
    const begunAt = yield* Clock.currentTimeMillis
    const finished = yield* waitFor(jobId)
    assert.deepStrictEqual(finished.assetIds, ["asset_1"])
    assert.isBelow((yield* Clock.currentTimeMillis) - begunAt, 1_000)
    assert.strictEqual(getPolls(simulator).length, 1)
  })

  simulatedTest("fails with NotFound for an unknown ID after at most three polls", function* (simulator) {
    yield* expectApiError(waitFor("job_unknown"), "NotFound")
    assert.isAtMost(getPolls(simulator).length, 3)
  })

  simulatedTest("keeps waiting if the job can't be found for a moment", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
    simulator.faults.next("vanished-job", { times: 3 })
    const finished = yield* waitFor(submission)
    assert.strictEqual(finished.snapshot.status, "success")
  })

  simulatedTest("fails with NotFound and the job's ID if the job stays missing", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 60_000, vanishAfterMs: 15_000 })
    const error = yield* expectFailure(waitFor(submission), "ApiError")
    assert.strictEqual(error.reason._tag, "NotFound")
    assert.strictEqual(error.jobId, submission.job.jobId)
  })

  simulatedTest.each([
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
  ] as const)("keeps waiting after %s", function* (simulator, fault) {
    const submission = yield* submitPlanned(simulator, { durationMs: 20_000 })
    simulator.faults.next(fault, { path: "/jobs/", times: 2 })
    const finished = yield* waitFor(submission)
    assert.strictEqual(finished.snapshot.status, "success")
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest("does not poll again before the Retry-After of a 429", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
    simulator.faults.next("rate-limited", { path: "/jobs/", retryAfterSeconds: 25 })
    yield* waitFor(submission)
    const [limited, next] = getPolls(simulator)
    assert.isAtLeast((next?.at ?? 0) - (limited?.at ?? 0), 25_000)
  })

  simulatedTest("times out with the last error if every poll fails", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
    simulator.faults.rate("unavailable", 1, { path: "/jobs/" })
    const error = yield* expectFailure(waitFor(submission, { timeout: "1 minute" }), "WaitTimedOut")
    assert.include(error.lastError, "503")
  })

  simulatedTest("fails with the job's ID if the key becomes invalid", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 10_000 })
    simulator.faults.next("unauthorized", { path: "/jobs/" })
    const error = yield* expectApiError(waitFor(submission), "Unauthorized")
    assert.include(error.message, submission.job.jobId)
  })

  simulatedTest("notices the end in time even if Scenario's clock is minutes ahead", function* (simulator) {
    simulator.faults.rate("clock-skew", 1, { skewMs: 300_000 })
    const submission = yield* submitPlanned(simulator, { durationMs: 30_000 })
    const begunAt = yield* Clock.currentTimeMillis
    yield* waitFor(submission)
    assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 40_000)
  })

  it.effect("notices the end in time even if the job's dates are years old", () => {
    const fetchWithOldDates: typeof globalThis.fetch = async (input, init) => {
      const response = await globalThis.fetch(input, init)
      const text = await response.text()
      return new Response(
        text.replaceAll(/"20\d\d-\d\d-\d\dT[^"]+"/g, '"2023-02-03T11:19:41.579Z"'),
        response,
      )
    }
    return simulate({ fetch: fetchWithOldDates }, function* (simulator) {
      const submission = yield* submitPlanned(simulator, { durationMs: 120_000 })
      const begunAt = yield* Clock.currentTimeMillis
      yield* waitFor(submission)
      assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 124_500)
    })
  })

  simulatedTest.each(["smooth", "stepped", "stuck", "none", "backwards"] as const)(
    "notices the end in time if the progress is %s",
    function* (simulator, progress) {
      const submission = yield* submitPlanned(simulator, { durationMs: 40_000, progress })
      const begunAt = yield* Clock.currentTimeMillis
      yield* waitFor(submission)
      assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt, 44_000)
    },
  )

  simulatedTest("stops polling when it is interrupted, and the job continues", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
    const waiting = yield* Effect.forkChild(waitFor(submission))
    yield* Effect.sleep("10 seconds")
    yield* Fiber.interrupt(waiting)
    const polls = getPolls(simulator).length
    yield* Effect.sleep("2 minutes")
    assert.strictEqual(getPolls(simulator).length, polls)
    assert.strictEqual((yield* Jobs.use((jobs) => jobs.get(submission))).status, "success")
  })

  simulatedTest("shares polls between two waits for one job", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 30_000 })
    const both = yield* Effect.all([waitFor(submission), waitFor(submission)], { concurrency: 2 })
    assert.strictEqual(both[0].job.jobId, both[1].job.jobId)
    assert.isAtMost(getPolls(simulator).length, 20)
  })

  simulatedTest(
    "keeps 60 waits within the account's requests per minute",
    { requestsPerMinute: 100 },
    function* (simulator) {
      const jobIds = Array.from({ length: 60 }, () =>
        simulator.addJob({ status: "success", durationMs: 90_000, assetIds: ["asset_1"] }),
      )
      yield* Effect.forEach(jobIds, (jobId) => waitFor(jobId), { concurrency: "unbounded" })
      assert.deepStrictEqual(
        simulator.requests().filter((request) => request.status === 429),
        [],
      )
    },
  )
})

describe("watch", () => {
  simulatedTest("streams updates until the job ends", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 30_000 })
    const jobs = yield* Jobs
    const updates = yield* Stream.runCollect(jobs.watch(submission))
    assert.strictEqual(updates.at(-1)?._tag, "JobSucceeded")
  })

  simulatedTest("fails if the job fails", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 5_000, outcome: "failure" })
    const jobs = yield* Jobs
    yield* expectFailure(Stream.runDrain(jobs.watch(submission)), "JobFailed")
  })

  simulatedTest("stops polling when its reader stops", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
    const jobs = yield* Jobs
    yield* Stream.runDrain(Stream.take(jobs.watch(submission), 1))
    const polls = getPolls(simulator).length
    yield* Effect.sleep("1 minute")
    assert.strictEqual(getPolls(simulator).length, polls)
  })
})

describe("cancel", () => {
  simulatedTest("cancels an inference job", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
    const jobs = yield* Jobs
    assert.strictEqual(yield* jobs.cancel(submission), "canceled")
    yield* expectFailure(waitFor(submission), "JobCanceled")
  })

  simulatedTest("returns requested if the response doesn't show the job as canceled", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 60_000 })
    simulator.faults.next("unknown-status", { path: "/action", value: "in-progress" })
    const jobs = yield* Jobs
    assert.strictEqual(yield* jobs.cancel(submission), "requested")
  })

  simulatedTest("returns not-permitted if this kind of job can't be canceled", function* () {
    const generations = yield* Generations
    const jobs = yield* Jobs
    const submission = yield* generations.submit({
      model: "model_canvas-image-2",
      inputs: { prompt: "a red house" },
    })
    assert.strictEqual(yield* jobs.cancel(submission), "not-permitted")
  })

  simulatedTest("returns already-finished if the job has ended", function* (simulator) {
    const submission = yield* submitPlanned(simulator, { durationMs: 1_000 })
    yield* waitFor(submission)
    const jobs = yield* Jobs
    assert.strictEqual(yield* jobs.cancel(submission), "already-finished")
  })
})
