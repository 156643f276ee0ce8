import { Config, Context, Effect, Layer, type Redacted, Schema } from "effect"

/** Where Scenario's API is, unless the configuration says otherwise. */
export const defaultBaseUrl = "https://api.cloud.scenario.com/v1"

/** Requests a minute that one account may make: Scenario's own figure, as third parties quote it. */
export const defaultRequestsPerMinute = 100

/** What the caller says of the account. */
export interface ScenarioSettings {
  readonly apiKey: Redacted.Redacted
  readonly apiSecret: Redacted.Redacted
  /** Default `https://api.cloud.scenario.com/v1`. */
  readonly baseUrl?: string | undefined
  /** Sent as `projectId` with every call. Default: the project of the key. */
  readonly projectId?: string | undefined
  /** The account's request budget. Default 100. */
  readonly requestsPerMinute?: number | undefined
  /** Requests in flight at once. Default 8. */
  readonly requestsInFlight?: number | undefined
  /** `host`: the transport signs requests itself, and no Authorization is added. Default `core`. */
  readonly signing?: "core" | "host" | undefined
  /**
   * Whether no other process submits the same inputs with the same key. Only then may a job that looks like
   * ours, found after a lost answer, be taken for ours. Default true.
   */
  readonly exclusive?: boolean | undefined
}

/** The account that everything else works with. */
export class ScenarioConfig extends Context.Service<
  ScenarioConfig,
  {
    readonly apiKey: Redacted.Redacted
    readonly apiSecret: Redacted.Redacted
    /** Without a slash at its end. */
    readonly baseUrl: string
    readonly projectId: string | undefined
    readonly requestsPerMinute: number
    readonly requestsInFlight: number
    readonly signing: "core" | "host"
    readonly exclusive: boolean
  }
>()("@scenario-automation/core/ScenarioConfig") {
  static readonly layer = (settings: ScenarioSettings): Layer.Layer<ScenarioConfig> =>
    Layer.succeed(ScenarioConfig, withDefaults(settings))

  /**
   * From `SCENARIO_SDK_API_KEY`, `SCENARIO_SDK_API_SECRET`, `SCENARIO_BASE_URL`, `SCENARIO_PROJECT_ID` and
   * `SCENARIO_REQUESTS_PER_MINUTE`; the first two are needed.
   */
  static readonly fromEnv: Layer.Layer<ScenarioConfig, Config.ConfigError> = Layer.effect(
    ScenarioConfig,
    Effect.gen(function* () {
      const settings = yield* Config.all({
        apiKey: Config.Redacted("SCENARIO_SDK_API_KEY"),
        apiSecret: Config.Redacted("SCENARIO_SDK_API_SECRET"),
        baseUrl: Config.String("SCENARIO_BASE_URL").pipe(Config.withDefault(undefined)),
        projectId: Config.String("SCENARIO_PROJECT_ID").pipe(Config.withDefault(undefined)),
        requestsPerMinute: Config.schema(
          Schema.NumberFromString.check(Schema.isGreaterThan(0)),
          "SCENARIO_REQUESTS_PER_MINUTE",
        ).pipe(Config.withDefault(undefined)),
      })
      return withDefaults(settings)
    }),
  )
}

const withDefaults = (settings: ScenarioSettings): ScenarioConfig["Service"] => ({
  apiKey: settings.apiKey,
  apiSecret: settings.apiSecret,
  baseUrl: (settings.baseUrl ?? defaultBaseUrl).replace(/\/+$/, ""),
  projectId: settings.projectId,
  requestsPerMinute: settings.requestsPerMinute ?? defaultRequestsPerMinute,
  requestsInFlight: settings.requestsInFlight ?? 8,
  signing: settings.signing ?? "core",
  exclusive: settings.exclusive ?? true,
})
