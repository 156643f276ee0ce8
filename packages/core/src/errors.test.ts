import type { SubmitIntent } from "./submit/SubmitIntent.ts"
import { assert, describe, it } from "vitest"
import { ApiError, isScenarioError, JobFailed, SubmitUncertain, WaitTimedOut } from "./errors.ts"
import { scenarioErrorMarker } from "./TaggedError.ts"

const job = { jobId: "job_1" }

describe("errors", () => {
  it("are recognized by their marker, also those of another copy of this library", () => {
    const external = Object.assign(new Error("from elsewhere"), { [scenarioErrorMarker]: true })
    assert.isTrue(isScenarioError(external))
    assert.isTrue(isScenarioError(new JobFailed({ job, reason: "x", reimbursed: true })))
    for (const other of [new Error("x"), "x", null, undefined, {}]) assert.isFalse(isScenarioError(other))
  })

  const intent: SubmitIntent = {
    id: "1",
    method: "POST",
    path: "/generate/custom/model_1",
    inputs: { prompt: "a red house" },
    notBefore: "2026-11-25T12:00:00.000Z",
    clock: "scenario",
  }

  it("say what happened, whether it was charged, and what to do", () => {
    assert.strictEqual(
      new JobFailed({ job, reason: "moderation", hint: "Rephrase it", reimbursed: false }).message,
      "Job job_1 failed: moderation. Its compute units were not refunded. Rephrase it.",
    )
    assert.strictEqual(
      new WaitTimedOut({ job, lastStatus: "in-progress", progress: 0.42, waitedMs: 30_000 }).message,
      "Job job_1 had not ended after 30 s (in-progress, 42 %). It still runs and is charged: wait for it again by its ID.",
    )
    assert.include(
      new WaitTimedOut({ job, waitedMs: 1, awaitingApproval: ["approve"] }).message,
      "Approve or reject it",
    )
    assert.include(
      new WaitTimedOut({ job: { jobId: ".." }, waitedMs: 0 }).message,
      "look for it in Scenario's web app, or list the recent jobs",
    )
    assert.include(
      new SubmitUncertain({ intent, candidates: [job], reason: "no response came" }).message,
      "wait for the right one by its ID",
    )
  })

  it("name the job of the call", () => {
    const reason = { _tag: "Unauthorized", detail: "no" } as const
    assert.include(
      new ApiError({ reason, request: "GET /jobs/job_1", jobId: "job_1" }).message,
      "job_1 is not lost",
    )
  })

  it("say whether the same call can succeed later", () => {
    const retryable = (reason: ApiError["reason"]) => new ApiError({ reason, request: "GET /x" }).isRetryable
    assert.isTrue(retryable({ _tag: "Unavailable", detail: "", status: 503 }))
    assert.isTrue(retryable({ _tag: "RateLimited", detail: "", kind: "rate" }))
    assert.isFalse(retryable({ _tag: "NotFound", detail: "" }))
    assert.isFalse(retryable({ _tag: "Rejected", detail: "", status: 400, issues: [] }))
  })
})
