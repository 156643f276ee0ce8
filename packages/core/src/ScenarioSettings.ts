import type * as Redacted from "effect/Redacted"

/** What the caller says of the account, without its credentials. */
export interface AccountSettings {
  /** Default `https://api.cloud.scenario.com/v1`. */
  readonly baseUrl?: string | URL | undefined
  /**
   * The origin of the previews that don't expire (`thumbnailUrl`). Default: Scenario's, or for another base URL its own
   * origin, with `cdn.` for `api.`.
   */
  readonly cdnUrl?: string | URL | undefined
  /** Sent as `projectId` with every call. Default: the project of the key. */
  readonly projectId?: string | undefined
  /** The account's request budget. Default 100. */
  readonly requestsPerMinute?: number | undefined
  /** Requests in flight at once. Default 8. */
  readonly requestsInFlight?: number | undefined
  /** `transport`: the transport signs requests itself, and no Authorization is added. Default `core`. */
  readonly auth?: "core" | "transport" | undefined
  /**
   * Whether nothing else submits with this key: no other process, no colleague, no earlier run whose jobs may still be
   * listed. Only then is a job that merely echoes our inputs, found after a lost response, taken for ours. Jobs belong to
   * the key that made them, so one key for each worker makes this true. Default false.
   */
  readonly soleSubmitter?: boolean | undefined
  /** Whether to fill in a seed that was left empty, so that a job is recognized by it. Default true. */
  readonly identifyBySeed?: boolean | undefined
}

/** What the caller says of the account. */
export interface ScenarioSettings extends AccountSettings {
  readonly apiKey: Redacted.Redacted | string
  readonly apiSecret: Redacted.Redacted | string
}

/** The settings after they were checked. */
export interface CheckedSettings {
  readonly apiKey: Redacted.Redacted
  readonly apiSecret: Redacted.Redacted
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** Without a slash at its end. */
  readonly cdnUrl: string
  readonly projectId: string | undefined
  readonly requestsPerMinute: number
  readonly requestsInFlight: number
  readonly auth: "core" | "transport"
  readonly soleSubmitter: boolean
  readonly identifyBySeed: boolean
}
