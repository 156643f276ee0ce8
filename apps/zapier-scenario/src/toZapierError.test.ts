import {
  ApiError,
  type ApiErrorReason,
  AssetsMissing,
  CallbackFailed,
  CostTooHigh,
  DownloadFailed,
  DryRunCharged,
  InvalidInput,
  JobCanceled,
  JobFailed,
  SaveFailed,
  SubmitUncertain,
  UploadFailed,
  WaitTimedOut,
} from "@scenario-automation/core"
import { errors } from "zapier-platform-core"
import { describe, expect, it } from "vitest"
import {
  AfterSubmit,
  ImportedUnread,
  ImportPending,
  RelayFailed,
  StashFailed,
  StepBroke,
  type StepError,
  StillRunning,
} from "./StepError.ts"
import { InvalidFields } from "./fields/InvalidFields.ts"
import { toFieldProblems } from "./fields/describeIssue.ts"
import { toZapierError } from "./toZapierError.ts"

const job = { jobId: "job_1", submittedAt: new Date().toISOString() }
const detail = "because of a test"
const intent = {
  id: "1",
  method: "POST",
  path: "/generate/custom/model_1",
  inputs: { prompt: "a red house" },
  notBefore: job.submittedAt,
  clock: "scenario",
} as const
const refused = (reason: ApiErrorReason, request = "GET /jobs/job_1") =>
  new ApiError({ reason, request, requestId: "request-1" })
const limited = refused({ _tag: "RateLimited", detail, kind: "rate", retryAfterMs: 7_200 })

const cases: ReadonlyArray<readonly [error: StepError, name: string, status?: number]> = [
  [new InvalidInput({ issues: [{ path: "prompt", message: "Missing. Provide text." }] }), "AppError", 400],
  [new CostTooHigh({ estimate: 5, maxCost: 1 }), "HaltedError"],
  [new DryRunCharged({ job }), "HaltedError"],
  [new CallbackFailed({ callback: "onSubmitted", job, cause: "full" }), "HaltedError"],
  [new SubmitUncertain({ intent, candidates: [job], reason: detail }), "HaltedError"],
  [new JobFailed({ job, reason: detail, hint: undefined, reimbursed: true }), "HaltedError"],
  [new JobCanceled({ job }), "HaltedError"],
  [new WaitTimedOut({ job, waitedMs: 1 }), "AppError", 503],
  [new AssetsMissing({ assetIds: ["asset_1"], assets: [], reasons: [], isRetryable: true }), "AppError", 503],
  [
    new DownloadFailed({ assetId: "asset_1", reason: detail, receivedBytes: 0, isRetryable: true }),
    "AppError",
    503,
  ],
  [new UploadFailed({ reason: detail, isRetryable: false }), "AppError", 422],
  [new SaveFailed({ path: "a.png", reason: detail }), "AppError", 422],
  [refused({ _tag: "Unauthorized", detail }), "ExpiredAuthError"],
  [refused({ _tag: "Forbidden", detail }), "AppError", 403],
  [refused({ _tag: "PlanRequired", detail }), "AppError", 402],
  [refused({ _tag: "Rejected", detail, status: 422, issues: [] }), "AppError", 422],
  [refused({ _tag: "NotFound", detail }), "AppError", 404],
  [refused({ _tag: "Unavailable", detail, status: 500 }), "AppError", 503],
  [refused({ _tag: "Unreachable", detail, neverSent: true }), "AppError", 503],
  [refused({ _tag: "UnexpectedBody", detail, status: 200, excerpt: "" }), "AppError", 503],
  [limited, "ThrottledError"],
  [new AfterSubmit({ cause: limited, job }), "HaltedError"],
  [new AfterSubmit({ cause: refused({ _tag: "Unauthorized", detail }), job }), "HaltedError"],
  [new RelayFailed({ job }), "HaltedError"],
  [new InvalidFields({ problems: [{ label: "Model", problem: "Choose a model." }] }), "AppError", 400],
  [new StepBroke({ defect: new TypeError("x"), job }), "HaltedError"],
  [new StepBroke({ defect: new TypeError("x") }), "HaltedError"],
  [new ImportPending({ uploadId: "upload_1" }), "HaltedError"],
  [new ImportedUnread({ assetId: "asset_1", cause: refused({ _tag: "NotFound", detail }) }), "HaltedError"],
  [new StashFailed({ cause: new Error("full") }), "AppError", 503],
  [new StillRunning({ job }), "ThrottledError"],
  [new StillRunning({ job: { jobId: "job_1", submittedAt: "2020-01-01T00:00:00Z" } }), "HaltedError"],
]

/** Zapier's errors with a status keep it in their message, as JSON. */
const statusIn = (message: string): unknown =>
  message.startsWith("{") ? JSON.parse(message).status : undefined

describe("toZapierError", () => {
  it.each(cases.map(([error, name, status]) => ({ error, name, status })))(
    "turns $error._tag into $name",
    ({ error, name, status }) => {
      const translated = toZapierError({ errors }, error)
      expect(translated.name).toBe(name)
      expect(translated.message).toMatch(/\w+ \w+ \w+/)
      expect(statusIn(translated.message)).toBe(status)
    },
  )

  it("names the generation's ID if there is one", () => {
    const about = cases.map(([error]) => error).filter((error) => "job" in error && error.job !== undefined)
    expect(about.length).toBeGreaterThan(8)
    for (const error of about) expect(toZapierError({ errors }, error).message).toContain("job_1")
  })

  it("names no request in any message", () => {
    for (const [error] of cases) {
      expect(toZapierError({ errors }, error).message).not.toMatch(/\b(GET|POST|PUT) \/|request-1/)
    }
  })

  it.each([
    ["GET /models/model_1", /doesn't have this model/],
    ["GET /jobs/job_1", /doesn't have this generation/],
    ["GET /workflows/wflow_1", /doesn't have this App/],
    ["POST /generate/custom/model_1", /doesn't have this model/],
    [
      "POST /generate/remove-background",
      /no longer offers this older endpoint.*Find Model with words such as \\"remove background\\".*Generate Asset/,
    ],
  ])("says what is not found after %s", (request, message) => {
    expect(toZapierError({ errors }, refused({ _tag: "NotFound", detail }, request)).message).toMatch(message)
  })

  it("names a wrong input by its label, and by its name in the JSON if they differ", () => {
    const inputs = [
      { name: "numOutputs", type: "number" },
      { name: "baseModelId", type: "model" },
      { name: "images", type: "file_array", label: "References" },
    ]
    const message = "Missing. Provide text."
    const paths = ["numOutputs", "baseModelId", "images[1]", "promt", "jobId"]
    expect(
      toFieldProblems(
        paths.map((path) => ({ path, message })),
        inputs,
      ).map(({ label }) => label),
    ).toEqual([
      "Num Outputs",
      'Base Model ("baseModelId" in Additional Inputs (JSON))',
      'References ("images" in Additional Inputs (JSON)), item 2',
      '"promt" in Additional Inputs (JSON)',
      "Generation",
    ])
  })

  it("passes on how long Scenario asks to wait", () => {
    expect(JSON.parse(toZapierError({ errors }, limited).message)).toMatchObject({ delay: 8 })
  })
})
