import { Schema } from "effect"

/** The headers of a callback, by Standard Webhooks 1.0. Names are lower case, as in Node. */
export const CallbackHeaders = Schema.Struct({
  /** The wait's id, the same on every attempt. Use it to ignore duplicates. */
  "webhook-id": Schema.NonEmptyString,
  /** Unix seconds of this attempt. */
  "webhook-timestamp": Schema.String.check(Schema.isPattern(/^\d+$/)),
  /**
   * `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`; several, separated by
   * spaces, while the secret is being rotated. The secret is exchanged out of band, never over this API.
   */
  "webhook-signature": Schema.String.check(Schema.isPattern(/^v1,\S+( v1,\S+)*$/)),
})
export type CallbackHeaders = typeof CallbackHeaders.Type

/** What is posted to the callback URL, as JSON. It holds no link to a file and no secret: read the job with your own key. */
export const Callback = Schema.Struct({
  type: Schema.Literals(["job.succeeded", "job.failed", "job.canceled", "wait.expired"]),
  /** ISO date: when the relay saw it. */
  timestamp: Schema.String,
  data: Schema.Struct({
    waitId: Schema.NonEmptyString,
    jobId: Schema.NonEmptyString,
    /** The job's status as it was last seen. */
    status: Schema.String,
    assetIds: Schema.Array(Schema.String),
  }),
})
export type Callback = typeof Callback.Type
