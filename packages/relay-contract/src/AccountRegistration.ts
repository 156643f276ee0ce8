import { Schema } from "effect"

/**
 * Chosen by the caller and stable for an account, for example a hash of its key and secret.
 */
export const AccountId = Schema.String.check(Schema.isPattern(/^[\w-]{16,128}$/))

/** The credentials with which the relay polls the account's jobs. The base URL is always the relay's own. */
export const AccountRegistration = Schema.Struct({
  apiKey: Schema.NonEmptyString,
  apiSecret: Schema.NonEmptyString,
  /** Default: the project of the key. */
  projectId: Schema.optionalKey(Schema.NonEmptyString),
})
export type AccountRegistration = typeof AccountRegistration.Type
