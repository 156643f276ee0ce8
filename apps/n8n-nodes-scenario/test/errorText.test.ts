import {
  ApiError,
  AssetsMissing,
  CostTooHigh,
  InvalidInput,
  JobCanceled,
  JobFailed,
  type ScenarioError,
  SubmitUncertain,
  WaitTimedOut,
} from "@scenario-automation/core"
import { assert, describe, it } from "vitest"
import { describeError } from "../nodes/Scenario/errorText.ts"

const job = { jobId: "job_1" }
const intent = {
  id: "1",
  method: "POST",
  path: "/generate/custom/model_1",
  inputs: {},
  notBefore: "2026-01-01T00:00:00.000Z",
  clock: "scenario",
} as const

const apiError = (status: number): ApiError =>
  new ApiError({
    reason: { _tag: "Unavailable", detail: "out of order", status },
    request: "GET /jobs/job_1",
    requestId: "request_1",
    jobId: "job_1",
  })

describe("the text of an error", () => {
  it.each<readonly [ScenarioError, RegExp]>([
    [
      new WaitTimedOut({ job, waitedMs: 12_345, lastStatus: "queued" }),
      /did not finish within 12\.3 s \(queued\)\..* Use AI Generation: Wait with this job ID/,
    ],
    [
      new WaitTimedOut({ job: { jobId: "job_1/../2" }, waitedMs: 0 }),
      /is charged\. AI Generation: Wait can't use this job ID: look for the job in Scenario, or with Job: Get Many, before you run the node again\.$/,
    ],
    [
      new WaitTimedOut({ job, waitedMs: 1, awaitingApproval: ["step"] }),
      /waiting for approval of step\. Use Workflow: Approve/,
    ],
    [
      new SubmitUncertain({ intent, reason: "a timeout", candidates: [job] }),
      /It may be job_1\. Use AI Generation: Wait with the right job ID/,
    ],
    [
      new SubmitUncertain({ intent, reason: "a timeout", candidates: [] }),
      /Check Job: Get Many before you run the node again/,
    ],
    [new CostTooHigh({ estimate: 5, maxCost: 1 }), /more than the Maximum Cost of 1\. Nothing was started\./],
    [new JobCanceled({ job }), /Run the node again if you still want the result\.$/],
    [
      new JobFailed({ job, reason: "Out of paint" }),
      /failed: Out of paint\. .* Change the inputs, or run the node again\.$/,
    ],
    [
      new AssetsMissing({ job, assetIds: ["asset_1"], assets: [], reasons: [], isRetryable: true }),
      /Use AI Generation: Wait/,
    ],
    [
      apiError(503),
      /is unavailable \(503\): out of order\. Run the node again later\. Job job_1 is not lost\. Use AI Generation: Wait/,
    ],
  ])("names n8n's next step: %s", (error, text) => {
    assert.match(describeError(error), text)
  })

  it("says which models replace an older endpoint that is gone", () => {
    const describeMissing = (request: string) =>
      describeError(new ApiError({ reason: { _tag: "NotFound", detail: "Not found" }, request }))
    assert.match(describeMissing("POST /generate/upscale"), /Run a model that upscales images instead\.$/)
    assert.match(describeMissing("GET /jobs/job_1"), /Check the ID, and the Project ID of the credential\.$/)
  })

  it("keeps the request and its ID out of the sentences", () => {
    assert.notMatch(describeError(apiError(503)), /GET|\/jobs|request_1/)
  })

  it("says what is wrong with each input, and to run the node again", () => {
    const issues = [
      { path: "width", message: 'Expected a number, got "wide".' },
      { path: "colour", message: "Unknown input. Did you mean `color`?" },
    ]
    assert.strictEqual(
      describeError(new InvalidInput({ issues })),
      'The input is not valid, and nothing was submitted. width: Expected a number, got "wide". colour: Unknown input. Did you mean `color`? Correct the fields and run the node again.',
    )
  })
})
