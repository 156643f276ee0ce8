import { Schema } from "effect"

/** A secret, or the name of the environment variable that has it. */
const Secret = Schema.Union([Schema.NonEmptyString, Schema.Struct({ env: Schema.NonEmptyString })])
export type SecretReference = typeof Secret.Type

const Id = Schema.String.check(Schema.isPattern(/^[\w-]{1,64}$/))
const Count = Schema.Number.check(Schema.isInt(), Schema.isGreaterThanOrEqualTo(1))

const Account = Schema.Struct({
  id: Id,
  apiKey: Secret,
  apiSecret: Secret,
  projectId: Schema.optionalKey(Schema.NonEmptyString),
  requestsPerMinute: Schema.optionalKey(Count),
  soleSubmitter: Schema.optionalKey(Schema.Boolean),
})

const Client = Schema.Struct({
  id: Id,
  /** Each a token, its `sha256:…` hash, or where it is. */
  tokens: Schema.NonEmptyArray(Secret),
  accounts: Schema.optionalKey(Schema.Array(Schema.String)),
  canRegisterAccounts: Schema.optionalKey(Schema.Boolean),
  signingSecrets: Schema.optionalKey(Schema.NonEmptyArray(Secret)),
  maxPendingWaits: Schema.optionalKey(Count),
  maxRequestsPerMinute: Schema.optionalKey(Count),
})

/** The configuration file. Everything else comes from the environment. */
export const SettingsFile = Schema.Struct({
  accounts: Schema.optionalKey(Schema.Array(Account)),
  clients: Schema.optionalKey(Schema.Array(Client)),
})
export type SettingsFile = typeof SettingsFile.Type
