import { Result, Effect } from "effect"
import { assert, describe, it } from "vitest"
import { InvalidInput } from "../errors.ts"
import { decodeJobRef, readJobRef } from "./decodeJobRef.ts"

const jobId = "job_1"

describe("decodeJobRef", () => {
  it.each([
    ["a bare id", jobId],
    ["a JobRef", { jobId }],
    ["a JobRef that went through JSON", JSON.parse(JSON.stringify({ jobId, modelId: undefined }))],
    ["what carries one", { job: { jobId } }],
    ["what carries one beside an absent id", { jobId: undefined, job: { jobId } }],
    ["an error with its prototype", Object.assign(new Error("late"), { job: { jobId } })],
    ["a database row with nulls", { jobId, submittedAt: null, modelId: null, workflowId: null }],
    ["empty fields of a form", { jobId, submittedAt: "", modelId: "", workflowId: "" }],
    ["more columns than are needed", { id: 7, jobId, owner: { name: "x" } }],
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
    ["an empty id", ""],
    ["a blank id", "  "],
    ["an id with a blank", "job 1"],
    ["an id with a line break", "job_1\n"],
    ["an id with a slash", "job_1/action"],
    ["an id that leaves its folder", ".."],
    ["an id that is its folder", "."],
    ["an id with a query", "job_1?x=1"],
    ["an object without an id", {}],
    ["an array", ["job_1"]],
    ["a null id", { jobId: null }],
    ["a numeric id", { jobId: 7 }],
    ["a null job", { job: null }],
    ["a job without an id", { job: {} }],
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

  it("names every field that is wrong", () => {
    const decoded = Effect.runSync(Effect.result(decodeJobRef({ jobId: 7, submittedAt: 8, modelId: 9 })))
    assert.isTrue(Result.isFailure(decoded))
    assert.deepStrictEqual(Result.isFailure(decoded) ? decoded.failure.issues.map(({ path }) => path) : [], [
      "job.jobId",
      "job.submittedAt",
      "job.modelId",
    ])
  })
})
