import { Duration, Redacted } from "effect"
import { hashToken } from "../../src/secrets/tokens.ts"
import { defaults } from "../../src/settings/defaults.ts"
import type { RelaySettingsShape } from "../../src/settings/RelaySettings.ts"

export const token = "a-client-token-of-no-value"
export const otherToken = "another-token-of-no-value"
export const adminToken = "an-admin-token-of-no-value"
export const signingSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`
export const encryptionKey = Buffer.alloc(32, 9)

export interface TestAccount {
  readonly baseUrl: string
  readonly apiKey: string
  readonly apiSecret: string
}

/** One client with the account `main`, and another that may register accounts of its own. */
export const makeSettings = (
  { baseUrl, apiKey, apiSecret }: TestAccount,
  changes: Partial<RelaySettingsShape> = {},
): RelaySettingsShape => ({
  host: "127.0.0.1",
  port: 0,
  database: { _tag: "Sqlite", file: ":memory:" },
  scenarioBaseUrl: baseUrl,
  encryptionKeys: [encryptionKey],
  signingSecrets: [signingSecret],
  clients: [
    {
      id: "backend",
      tokenHashes: [hashToken(token)],
      accounts: ["main"],
      canRegisterAccounts: false,
      maxPendingWaits: 5_000,
      maxRequestsPerMinute: 600_000,
    },
    {
      id: "zapier",
      tokenHashes: [hashToken(otherToken)],
      accounts: [],
      canRegisterAccounts: true,
      maxPendingWaits: 3,
      maxRequestsPerMinute: 600_000,
    },
  ],
  accounts: [
    {
      id: "main",
      apiKey: Redacted.make(apiKey),
      apiSecret: Redacted.make(apiSecret),
      requestsPerMinute: 6_000,
    },
  ],
  adminTokenHashes: [hashToken(adminToken)],
  allowedHosts: ["127.0.0.1"],
  defaultWaitDuration: defaults.defaultWaitDuration,
  maxWaitDuration: defaults.maxWaitDuration,
  retryDelays: defaults.retryDelays,
  attemptTimeout: Duration.seconds(15),
  retention: defaults.retention,
  accountRetention: defaults.accountRetention,
  maxBodyBytes: 262_144,
  ...changes,
})
