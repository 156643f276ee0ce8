import type { Submission, SubmitIntent } from "@scenario-automation/core"
import { assert, describe, it } from "vitest"
import { RetryMemory } from "../nodes/Scenario/RetryMemory.ts"

const intent: SubmitIntent = {
  id: "1",
  method: "POST",
  path: "/generate/custom/model_1",
  inputs: {},
  notBefore: "2026-01-01T00:00:00.000Z",
  clock: "scenario",
}
const submission: Submission = {
  job: { jobId: "job_1" },
  cost: 2,
  inlineResult: undefined,
  asset: undefined,
  snapshot: undefined,
}

/** An attempt that starts a request and ends. */
const start = (
  place: string,
  runIndex: number,
  outcome: "returned" | "returned-with-errors" | "failed",
  isFinished: boolean,
) => {
  const memory = new RetryMemory(place, runIndex)
  const request = memory.begin("0 request", { _tag: "Sending", intent })
  request.progress = { _tag: "Started", submission }
  request.isFinished = isFinished
  memory.end(outcome)
}

describe("requests of an execution", () => {
  it("are taken over by the next run, whatever its run index, while their result was not returned", () => {
    start("uncertain", 0, "failed", false)
    assert.strictEqual(new RetryMemory("uncertain", 7).take("0 request")?.progress._tag, "Started")
    start("continued", 0, "returned-with-errors", false)
    assert.isDefined(new RetryMemory("continued", 1).take("0 request"))
    assert.isUndefined(new RetryMemory("uncertain", 0).take("0 other request"))
    assert.isUndefined(new RetryMemory("another execution", 0).take("0 request"))
  })

  it("are new after a success that was returned", () => {
    start("success", 0, "returned", true)
    assert.isUndefined(new RetryMemory("success", 0).take("0 request"))
    assert.isUndefined(new RetryMemory("success", 1).take("0 request"))
  })

  it("are kept for n8n's retry of the same run, if another item of it has failed", () => {
    start("retry", 2, "returned-with-errors", true)
    const retry = new RetryMemory("retry", 2)
    assert.isDefined(retry.take("0 request"))
    retry.end("returned-with-errors")
    assert.isUndefined(new RetryMemory("retry", 3).take("0 request"), "a loop's next round")
  })

  it("are kept for any retry, if the whole node has failed", () => {
    start("thrown", 0, "failed", true)
    assert.isDefined(new RetryMemory("thrown", 1).take("0 request"))
  })

  it("are never shared by two runs at the same time", () => {
    start("parallel", 0, "failed", false)
    const [one, two] = [new RetryMemory("parallel", 1), new RetryMemory("parallel", 2)]
    assert.isDefined(one.take("0 request"))
    assert.isUndefined(two.take("0 request"))
    one.end("failed")
    assert.isDefined(two.take("0 request"))
  })

  it("count as unfinished, by their job, until their result is complete", () => {
    const memory = new RetryMemory("unfinished", 0)
    const request = memory.begin("0 request", { _tag: "Sending", intent })
    assert.deepStrictEqual(memory.unfinished, [])
    request.progress = { _tag: "Started", submission }
    assert.deepStrictEqual(memory.unfinished, ["job_1"])
    request.isFinished = true
    assert.deepStrictEqual(memory.unfinished, [])
  })
})
