import { Context, type Duration, type Redacted } from "effect"

/** A program that calls the relay. */
export interface ClientSettings {
  readonly id: string
  /** `sha256:…`; several while a token is being rotated. */
  readonly tokenHashes: ReadonlyArray<string>
  /** The configured accounts that it may use; `*`: all of them. */
  readonly accounts: ReadonlyArray<string>
  /** Whether it may register accounts of its own. */
  readonly canRegisterAccounts: boolean
  /** With which its callbacks are signed, the current one first. Default: the relay's. */
  readonly signingSecrets?: ReadonlyArray<string> | undefined
  readonly maxPendingWaits: number
  readonly maxRequestsPerMinute: number
}

/** An account that the configuration names. */
export interface ConfiguredAccount {
  readonly id: string
  readonly apiKey: Redacted.Redacted
  readonly apiSecret: Redacted.Redacted
  readonly projectId?: string | undefined
  /** Scenario's request limit for the account. Default 100. */
  readonly requestsPerMinute?: number | undefined
  /** Whether nothing else submits with this key, which makes a lost submit easier to recognize. Default false. */
  readonly soleSubmitter?: boolean | undefined
}

export type DatabaseSettings =
  | { readonly _tag: "Sqlite"; readonly file: string }
  | { readonly _tag: "Postgres"; readonly url: Redacted.Redacted; readonly runner: RunnerSettings }

/** How the runners of a cluster reach this one. The port is plain TCP without authentication: private networks only. */
export interface RunnerSettings {
  readonly host: string
  readonly port: number
}

export interface RelaySettingsShape {
  readonly host: string
  readonly port: number
  readonly database: DatabaseSettings
  /** Scenario's API; `undefined`: the real one. */
  readonly scenarioBaseUrl?: string | undefined
  /** 32 bytes each, the current one first. */
  readonly encryptionKeys: readonly [Uint8Array, ...ReadonlyArray<Uint8Array>]
  readonly signingSecrets: ReadonlyArray<string>
  readonly clients: ReadonlyArray<ClientSettings>
  readonly accounts: ReadonlyArray<ConfiguredAccount>
  /** Opens the status page and the metrics; without it both are off. */
  readonly adminTokenHashes: ReadonlyArray<string>
  /** `host` or `host:port` of receivers on inside addresses, which may also use http. */
  readonly allowedHosts: ReadonlyArray<string>
  readonly defaultWaitDuration: Duration.Duration
  readonly maxWaitDuration: Duration.Duration
  /** The delay of each delivery attempt after the one before it; the first is 0. */
  readonly retryDelays: ReadonlyArray<Duration.Duration>
  readonly attemptTimeout: Duration.Duration
  /** How long ended waits, their attempts, and unused registered accounts are kept. */
  readonly retention: Duration.Duration
  readonly accountRetention: Duration.Duration
  readonly maxBodyBytes: number
}

export class RelaySettings extends Context.Service<RelaySettings, RelaySettingsShape>()(
  "@scenario-automation/relay/RelaySettings",
) {}
