import { Schema } from "effect"
import { AccountId } from "./AccountRegistration.ts"
import { Attempt, JobResult, Outcome, WaitProblem } from "./Callback.ts"

export const JobId = Schema.String.check(Schema.isPattern(/^[\w-]{1,128}$/))

const maxJobs = 200
const maxMetadataLength = 1_024

const callbackFields = {
  accountId: AccountId,
  /**
   * Receives one POST when all jobs have ended. It is stored encrypted and never logged: a resume URL of Zapier or n8n is as good
   * as a password.
   */
  callbackUrl: Schema.String.check(Schema.isPattern(/^https?:\/\/\S+$/), Schema.isMaxLength(2_048)),
  /** ISO date. If a job hasn't ended by then, the callback is `wait.expired`. Default: a day from now. */
  expiresAt: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(64))),
  /** `assets` adds each asset with a fresh URL to the callback, so that its body can be used as the result. */
  include: Schema.optionalKey(Schema.Array(Schema.Literals(["assets"])).check(Schema.isMaxLength(1))),
  /** Whether each progress update is posted too. Best effort: one attempt, only the latest. Default false. */
  progress: Schema.optionalKey(Schema.Boolean),
  /** Returned in the callback as it is. */
  metadata: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(maxMetadataLength))),
}

const IdempotencyKey = Schema.NonEmptyString.check(Schema.isMaxLength(128))

/** Jobs whose end the caller wants to be notified of. */
export const WaitRegistration = Schema.Struct({
  ...callbackFields,
  jobIds: Schema.NonEmptyArray(JobId).check(Schema.isMaxLength(maxJobs)),
  /** Makes this wait another one than an earlier wait with the same fields. */
  idempotencyKey: Schema.optionalKey(IdempotencyKey),
})
export type WaitRegistration = typeof WaitRegistration.Type

/** A generation to submit, as core's `GenerationRequest`. Files are asset IDs, data URLs, or http(s) URLs. */
export const GenerationBody = Schema.Union([
  Schema.StructWithRest(
    Schema.Struct({ model: Schema.NonEmptyString, inputs: Schema.Record(Schema.String, Schema.Unknown) }),
    [Schema.Record(Schema.String, Schema.Unknown)],
  ),
  Schema.StructWithRest(
    Schema.Struct({ workflow: Schema.NonEmptyString, inputs: Schema.Record(Schema.String, Schema.Unknown) }),
    [Schema.Record(Schema.String, Schema.Unknown)],
  ),
  Schema.StructWithRest(
    Schema.Struct({ endpoint: Schema.NonEmptyString, inputs: Schema.Record(Schema.String, Schema.Unknown) }),
    [Schema.Record(Schema.String, Schema.Unknown)],
  ),
])

/** A generation to submit, and to wait for. */
export const GenerationRegistration = Schema.Struct({
  ...callbackFields,
  generation: GenerationBody,
  /** Names this generation once and for all, such as an order number: with the same key it is submitted and paid once. */
  idempotencyKey: IdempotencyKey,
  /** Compute units. Above it nothing is submitted. */
  maxCost: Schema.optionalKey(Schema.Number.check(Schema.isGreaterThanOrEqualTo(0))),
})
export type GenerationRegistration = typeof GenerationRegistration.Type

/**
 * `submitting`: its generation is being submitted. `waiting`: its jobs run. `delivering`: they have ended, and the callback is
 * being sent. `delivered` and `canceled` are final; `dead`: the relay stopped trying, and the wait can be redelivered.
 */
export const WaitState = Schema.Literals([
  "submitting",
  "waiting",
  "delivering",
  "delivered",
  "dead",
  "canceled",
])
export type WaitState = typeof WaitState.Type

/** A stored wait: it survives a restart of the relay. Dates are ISO. */
export const Wait = Schema.Struct({
  /** The `webhook-id` of its callback. */
  waitId: Schema.NonEmptyString,
  accountId: Schema.String,
  state: WaitState,
  /** In the order of the registration; empty until a generation was submitted. */
  jobs: Schema.Array(JobResult),
  createdAt: Schema.String,
  expiresAt: Schema.String,
  endedAt: Schema.optionalKey(Schema.String),
  outcome: Schema.optionalKey(Outcome),
  problem: Schema.optionalKey(WaitProblem),
  metadata: Schema.optionalKey(Schema.String),
  delivery: Schema.Struct({
    attempts: Schema.Number,
    nextAttemptAt: Schema.optionalKey(Schema.String),
    lastError: Schema.optionalKey(Schema.String),
  }),
})
export type Wait = typeof Wait.Type

/** A wait with the log of its deliveries. */
export const WaitDetails = Schema.Struct({ ...Wait.fields, attempts: Schema.Array(Attempt) })
export type WaitDetails = typeof WaitDetails.Type

/** One page of a list, the newest first. */
export const WaitPage = Schema.Struct({
  waits: Schema.Array(Wait),
  /** Pass it as `cursor` for the next page; absent on the last one. */
  nextCursor: Schema.optionalKey(Schema.String),
})
export type WaitPage = typeof WaitPage.Type

const CountFromText = Schema.NumberFromString.check(
  Schema.isInt(),
  Schema.isBetween({ minimum: 1, maximum: 200 }),
)

export const WaitQuery = {
  state: Schema.optionalKey(WaitState),
  accountId: Schema.optionalKey(AccountId),
  /** ISO dates. */
  createdAfter: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(64))),
  createdBefore: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(64))),
  /** At most 200. Default 50. */
  pageSize: Schema.optionalKey(CountFromText),
  cursor: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(256))),
}
