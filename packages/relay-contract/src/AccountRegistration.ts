import { Schema } from "effect"

/**
 * Chosen by the caller, and the same for the same account: a hash of its key and secret does. It says nothing of them.
 */
export const AccountId = Schema.String.check(Schema.isPattern(/^[\w-]{16,128}$/))

/** With what the relay looks at the account's jobs. It never chooses where they are sent: the base URL is the relay's. */
export const AccountRegistration = Schema.Struct({
  apiKey: Schema.NonEmptyString,
  apiSecret: Schema.NonEmptyString,
  /** Default: the project of the key. */
  projectId: Schema.optionalKey(Schema.NonEmptyString),
})
export type AccountRegistration = typeof AccountRegistration.Type
