import type * as Redacted from "effect/Redacted"

/** The settings of an account, without its credentials. */
export interface AccountSettings {
  /** Default `https://api.cloud.scenario.com/v1`. */
  readonly baseUrl?: string | URL | undefined
  /**
   * The origin of the previews that don't expire (`thumbnailUrl`). Default: the origin of the base URL, with `cdn.` instead of
   * `api.`.
   */
  readonly cdnUrl?: string | URL | undefined
  /** Sent as `projectId` with every call. Default: the project of the key. */
  readonly projectId?: string | undefined
  /** The account's request budget. Default 100. */
  readonly requestsPerMinute?: number | undefined
  /** Requests in flight at once. Default 8. */
  readonly requestsInFlight?: number | undefined
  /** `transport` if the transport signs requests, so that the library adds no Authorization header. Default `core`. */
  readonly auth?: "core" | "transport" | undefined
  /**
   * Whether nothing else submits with this key: no other process, no colleague, and no earlier run whose jobs may still be
   * listed. Only then, after a lost response, a job is adopted because it has the same inputs. Give each worker a key of its
   * own to make this true: jobs belong to the key that made them. Default false.
   */
  readonly soleSubmitter?: boolean | undefined
  /** Whether to choose a seed if the caller sets none, so that the job can be recognized by it. Default true. */
  readonly identifyBySeed?: boolean | undefined
}

/** The settings of an account. */
export interface ScenarioSettings extends AccountSettings {
  readonly apiKey: Redacted.Redacted | string
  readonly apiSecret: Redacted.Redacted | string
}

/** Settings that were checked, with defaults for those that were left out. */
export interface CheckedSettings {
  readonly apiKey: Redacted.Redacted
  readonly apiSecret: Redacted.Redacted
  /** Without a slash at the end. */
  readonly baseUrl: string
  /** Without a slash at the end. */
  readonly cdnUrl: string
  readonly projectId: string | undefined
  readonly requestsPerMinute: number
  readonly requestsInFlight: number
  readonly auth: "core" | "transport"
  readonly soleSubmitter: boolean
  readonly identifyBySeed: boolean
}
