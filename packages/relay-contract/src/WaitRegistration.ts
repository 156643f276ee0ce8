import { Schema } from "effect"
import { AccountId } from "./AccountRegistration.ts"

/** A job whose end the caller wants to be notified of. */
export const WaitRegistration = Schema.Struct({
  accountId: AccountId,
  jobId: Schema.String.check(Schema.isPattern(/^[\w-]{1,128}$/)),
  /** Called once by POST. A resume link of Zapier or n8n is a capability: it is kept as secret as a password. */
  callbackUrl: Schema.String.check(Schema.isPattern(/^https?:\/\/\S+$/)),
  /** ISO date. If the job hasn't ended by then, the callback is `wait.expired`. Default: a day from now. */
  expiresAt: Schema.optionalKey(Schema.String),
})
export type WaitRegistration = typeof WaitRegistration.Type

/** A stored wait: it survives a restart of the relay. */
export const Wait = Schema.Struct({
  /** The `webhook-id` of its callback. */
  waitId: Schema.NonEmptyString,
  jobId: Schema.String,
  /** ISO date. */
  expiresAt: Schema.String,
})
export type Wait = typeof Wait.Type
