import { Schema } from "effect"

/** The headers of a callback, by Standard Webhooks 1.0. Names are lower case, as in Node. */
export const CallbackHeaders = Schema.Struct({
  /** The wait's ID, the same on every attempt. Use it to ignore duplicates. */
  "webhook-id": Schema.NonEmptyString,
  /** Unix seconds of this attempt. */
  "webhook-timestamp": Schema.String.check(Schema.isPattern(/^\d+$/)),
  /**
   * `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`; several, separated by spaces, while the
   * secret is being rotated. The secret is exchanged out of band, never over this API.
   */
  "webhook-signature": Schema.String.check(Schema.isPattern(/^v1,\S+( v1,\S+)*$/)),
})
export type CallbackHeaders = typeof CallbackHeaders.Type

/**
 * `succeeded`: all jobs have. `failed`: a job failed, was canceled, or couldn't be submitted or read. `expired`: a job hadn't
 * ended in time. `uncertain`: the relay was stopped while it submitted, and no job can be recognized as the submitted one.
 */
export const Outcome = Schema.Literals(["succeeded", "failed", "expired", "uncertain"])
export type Outcome = typeof Outcome.Type

/** What went wrong. The message is one plain sentence that ends in what to do. */
export const WaitProblem = Schema.Struct({
  /** The name of core's error, for example `JobFailed`. */
  code: Schema.String,
  message: Schema.String,
  isRetryable: Schema.Boolean,
  /** Jobs that an uncertain submit may have created. */
  candidateJobIds: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type WaitProblem = typeof WaitProblem.Type

export const CallbackAsset = Schema.Struct({
  assetId: Schema.String,
  /** Signed, and valid for a while. */
  url: Schema.String,
  kind: Schema.String,
  mimeType: Schema.String,
})
export type CallbackAsset = typeof CallbackAsset.Type

export const JobResult = Schema.Struct({
  jobId: Schema.String,
  /** The job's status as it was last seen; absent while the relay waits. */
  status: Schema.optionalKey(Schema.String),
  /** 0..1, in progress callbacks. */
  progress: Schema.optionalKey(Schema.Number),
  assetIds: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Compute units. */
  cost: Schema.optionalKey(Schema.Number),
  error: Schema.optionalKey(WaitProblem),
  /** Only with `include: ["assets"]`. */
  assets: Schema.optionalKey(Schema.Array(CallbackAsset)),
})
export type JobResult = typeof JobResult.Type

/** What is posted to the callback URL, as JSON. It holds no secret, and URLs of files only with `include: ["assets"]`. */
export const Callback = Schema.Struct({
  type: Schema.Literals([
    "wait.succeeded",
    "wait.failed",
    "wait.expired",
    "wait.uncertain",
    "wait.progressed",
  ]),
  /** ISO date of the event, the same on every attempt. */
  timestamp: Schema.String,
  data: Schema.Struct({
    waitId: Schema.NonEmptyString,
    accountId: Schema.String,
    metadata: Schema.optionalKey(Schema.String),
    jobs: Schema.Array(JobResult),
    problem: Schema.optionalKey(WaitProblem),
  }),
})
export type Callback = typeof Callback.Type

/** One POST to the callback URL. */
export const Attempt = Schema.Struct({
  /** ISO date. */
  at: Schema.String,
  kind: Schema.Literals(["scheduled", "redelivery"]),
  /** HTTP status; absent if no response came. */
  status: Schema.optionalKey(Schema.Number),
  latencyMs: Schema.Number,
  /** Why it failed, as a phrase. */
  error: Schema.optionalKey(Schema.String),
})
export type Attempt = typeof Attempt.Type
