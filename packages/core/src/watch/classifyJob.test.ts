import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { readJob } from "../api/Job.ts"
import { classifyJob, stepsAwaitingApproval } from "./classifyJob.ts"

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
    ["archiving", "waiting"],
    ["", "waiting"],
  ])("reads %j as %s", (status, outcome) => {
    assert.strictEqual(classifyJob({ status }), outcome)
  })

  it.effect.prop("has an answer for every status", { status: Schema.String }, ({ status }) =>
    Effect.sync(() => assert.include(outcomes, classifyJob({ status }))),
  )
})

const workflow = (flow: ReadonlyArray<object>, status = "in-progress") => {
  const job = readJob({ jobId: "job_1", jobType: "workflow", status, metadata: { flow } })
  if (job === undefined) throw new Error("not a job")
  return job
}

describe("stepsAwaitingApproval", () => {
  test("names a pending approval whose earlier steps are through", () => {
    const steps = stepsAwaitingApproval(
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

  test("does not name an approval that was not reached yet", () => {
    const job = workflow([
      { id: "draw", type: "custom-model", status: "processing" },
      { id: "approve", type: "user-approval", status: "pending" },
    ])
    assert.deepStrictEqual(stepsAwaitingApproval(job), [])
  })

  test("names none once the job has ended", () => {
    const job = workflow([{ id: "approve", type: "user-approval", status: "processing" }], "failure")
    assert.deepStrictEqual(stepsAwaitingApproval(job), [])
  })
})
