import { Schema } from "effect"

/** Chosen by the caller and stable for an account, for example a hash of its key and secret. */
export const AccountId = Schema.String.check(Schema.isPattern(/^[\w-]{1,128}$/))

const Credential = Schema.NonEmptyString.check(Schema.isMaxLength(512))

/** The credentials with which the relay polls the account's jobs. The base URL is always the relay's own. */
export const AccountRegistration = Schema.Struct({
  apiKey: Credential,
  apiSecret: Credential,
  /** Default: the project of the key. */
  projectId: Schema.optionalKey(Credential),
})
export type AccountRegistration = typeof AccountRegistration.Type
