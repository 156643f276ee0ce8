import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { readJob } from "./Job.ts"
import { classifyJob, findStepsAwaitingApproval, getJobPhase } from "./jobStatus.ts"

const outcomes = ["waiting", "succeeded", "failed", "canceled"]

describe("classifyJob", () => {
  test.each([
    ["pending", "waiting"],
    ["queued", "waiting"],
    ["warming-up", "waiting"],
    ["in-progress", "waiting"],
    ["finalizing", "waiting"],
    ["success", "succeeded"],
    ["failure", "failed"],
    ["canceled", "canceled"],
    ["cancelled", "canceled"],
    ["Success", "succeeded"],
    ["SUCCEEDED", "succeeded"],
    ["completed", "succeeded"],
    ["complete", "succeeded"],
    ["done", "succeeded"],
    ["failed", "failed"],
    ["Error", "failed"],
    ["expired", "failed"],
    ["timed-out", "failed"],
    ["TIMEOUT", "failed"],
    ["Cancelled", "canceled"],
    ["archiving", "waiting"],
    ["", "waiting"],
  ])("reads %j as %s", (status, outcome) => {
    assert.strictEqual(classifyJob({ status }), outcome)
  })

  it.effect.prop("reads any status", { status: Schema.String }, ({ status }) =>
    Effect.sync(() => assert.include(outcomes, classifyJob({ status }))),
  )
})

describe("getJobPhase", () => {
  test.each([
    ["warming-up", "queued"],
    ["WARMING_UP", "queued"],
    ["inProgress", "running"],
    ["processing", "running"],
    ["paused-for-review", "unknown"],
  ])("reads %j as %s", (status, phase) => {
    assert.strictEqual(getJobPhase(status), phase)
  })
})

const workflow = (flow: ReadonlyArray<object>, status = "in-progress") => {
  const job = readJob({ jobId: "job_1", jobType: "workflow", status, metadata: { flow } })
  if (job === undefined) throw new Error("not a job")
  return job
}

describe("findStepsAwaitingApproval", () => {
  test("finds a pending approval whose earlier steps are done", () => {
    const steps = findStepsAwaitingApproval(
      workflow([
        { id: "draw", type: "custom-model", status: "success" },
        { id: "approve", type: "user-approval", status: "pending" },
        { id: "upscale", type: "custom-model", status: "pending" },
      ]),
    )
    assert.deepStrictEqual(
      steps.map((step) => step.stepId),
      ["approve"],
    )
  })

  test("doesn't find an approval that the run hasn't reached", () => {
    const job = workflow([
      { id: "draw", type: "custom-model", status: "processing" },
      { id: "approve", type: "user-approval", status: "pending" },
    ])
    assert.deepStrictEqual(findStepsAwaitingApproval(job), [])
  })

  test("finds nothing once the job has ended", () => {
    const job = workflow([{ id: "approve", type: "user-approval", status: "processing" }], "failure")
    assert.deepStrictEqual(findStepsAwaitingApproval(job), [])
  })
})
