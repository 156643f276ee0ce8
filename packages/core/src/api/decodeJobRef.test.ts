import { Result, Effect } from "effect"
import { assert, describe, it } from "vitest"
import { InvalidInput } from "../errors.ts"
import { decodeJobRef, readJobRef } from "./decodeJobRef.ts"

const jobId = "job_1"

describe("decodeJobRef", () => {
  it.each([
    ["an ID", jobId],
    ["a JobRef", { jobId }],
    ["a JobRef that went through JSON", JSON.parse(JSON.stringify({ jobId, modelId: undefined }))],
    ["an object that carries one", { job: { jobId } }],
    ["an object that carries one besides an undefined ID", { jobId: undefined, job: { jobId } }],
    ["an error with its prototype", Object.assign(new Error("late"), { job: { jobId } })],
    ["a database row with nulls", { jobId, submittedAt: null, modelId: null, workflowId: null }],
    ["empty fields of a form", { jobId, submittedAt: "", modelId: "", workflowId: "" }],
    ["additional columns", { id: 7, jobId, owner: { name: "x" } }],
  ])("reads %s", (_, job) => {
    assert.deepInclude(readJobRef(job), { jobId })
  })

  it("reads null as absent and a Date as ISO", () => {
    const submittedAt = new Date("2026-11-24T12:00:00Z")
    assert.deepStrictEqual(readJobRef({ jobId, submittedAt, modelId: "model_1", workflowId: null }), {
      jobId,
      submittedAt: "2026-11-24T12:00:00.000Z",
      modelId: "model_1",
      workflowId: undefined,
    })
  })

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["true", true],
    ["an empty ID", ""],
    ["a blank ID", "  "],
    ["an ID with a space", "job 1"],
    ["an ID with a line break", "job_1\n"],
    ["an ID with a slash", "job_1/action"],
    ["an ID that is the parent folder", ".."],
    ["an ID that is the same folder", "."],
    ["an ID with a query", "job_1?x=1"],
    ["an object without an ID", {}],
    ["an array", ["job_1"]],
    ["a null ID", { jobId: null }],
    ["a numeric ID", { jobId: 7 }],
    ["a null job", { job: null }],
    ["a job without an ID", { job: {} }],
    ["a numeric date", { jobId, submittedAt: 1_764_000_000_000 }],
    ["an invalid Date", { jobId, submittedAt: new Date("never") }],
    ["a date that isn't one", { jobId, submittedAt: "yesterday evening" }],
    ["a numeric model", { jobId, modelId: 7 }],
    ["an object as workflow", { jobId, workflowId: {} }],
  ])("refuses %s", (_, job) => {
    const error = Effect.runSync(Effect.flip(decodeJobRef(job)))
    assert.instanceOf(error, InvalidInput)
    assert.isAbove(error.message.length, 0)
  })

  it("names each wrong field", () => {
    const decoded = Effect.runSync(Effect.result(decodeJobRef({ jobId: 7, submittedAt: 8, modelId: 9 })))
    assert.isTrue(Result.isFailure(decoded))
    assert.deepStrictEqual(Result.isFailure(decoded) ? decoded.failure.issues.map(({ path }) => path) : [], [
      "job.jobId",
      "job.submittedAt",
      "job.modelId",
    ])
  })
})
