import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { checkSettings, fromOptions, withEnvironment } from "./checkSettings.ts"
import type { InvalidInput } from "./errors.ts"

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

/** The account that everything else works with. */
export class ScenarioConfig extends Context.Service<
  ScenarioConfig,
  {
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
>()("@scenario-automation/core/ScenarioConfig") {
  /** From what the caller says. `InvalidInput` names each setting that can't be used. */
  static readonly layer = (settings: ScenarioSettings): Layer.Layer<ScenarioConfig, InvalidInput> =>
    Layer.effect(
      ScenarioConfig,
      Effect.suspend(() => Effect.fromResult(checkSettings(fromOptions({ ...settings })))),
    )

  /**
   * From Effect's `Config`, such as `Config.all({ apiKey: Config.Redacted("MY_KEY"), apiSecret: Config.Redacted("MY_SECRET") })`.
   * Settings that it leaves out have their defaults.
   */
  static readonly layerConfig = (
    config: Config.Config<ScenarioSettings>,
  ): Layer.Layer<ScenarioConfig, InvalidInput | Config.ConfigError> =>
    Layer.effect(
      ScenarioConfig,
      Effect.flatMap(config, (settings) => Effect.fromResult(checkSettings(fromOptions({ ...settings })))),
    )

  /**
   * From the environment: `SCENARIO_SDK_API_KEY`, `SCENARIO_SDK_API_SECRET`, `SCENARIO_BASE_URL`, `SCENARIO_CDN_URL`, `SCENARIO_PROJECT_ID`
   * and `SCENARIO_REQUESTS_PER_MINUTE`, as they are when the layer is built; the first two are needed, and an empty one
   * counts as absent. `InvalidInput` names those that are missing or can't be used.
   */
  static readonly fromEnv: Layer.Layer<ScenarioConfig, InvalidInput> = Layer.effect(
    ScenarioConfig,
    Effect.suspend(() => Effect.fromResult(checkSettings(withEnvironment({})))),
  )
}
