import { Context, Effect, Layer, Redacted } from "effect"
import { InvalidInput } from "./errors.ts"
import type { InputIssue } from "./InputIssue.ts"

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
    readonly auth: "core" | "transport"
    readonly soleSubmitter: boolean
    readonly identifyBySeed: boolean
  }
>()("@scenario-automation/core/ScenarioConfig") {
  static readonly layer = (settings: ScenarioSettings): Layer.Layer<ScenarioConfig> =>
    Layer.succeed(ScenarioConfig, withDefaults(settings))

  /**
   * From the environment: `SCENARIO_SDK_API_KEY`, `SCENARIO_SDK_API_SECRET`, `SCENARIO_BASE_URL`, `SCENARIO_PROJECT_ID`
   * and `SCENARIO_REQUESTS_PER_MINUTE`, as they are when the layer is built; the first two are needed, and an empty one
   * counts as absent. `InvalidInput` names those that are missing or cannot be used.
   */
  static readonly fromEnv: Layer.Layer<ScenarioConfig, InvalidInput> = Layer.effect(
    ScenarioConfig,
    Effect.suspend(() => Effect.map(readSettings(globalThis.process?.env ?? {}), withDefaults)),
  )
}

const withDefaults = (settings: ScenarioSettings): ScenarioConfig["Service"] => ({
  apiKey: settings.apiKey,
  apiSecret: settings.apiSecret,
  baseUrl: (settings.baseUrl ?? defaultBaseUrl).replace(/\/+$/, ""),
  projectId: settings.projectId,
  requestsPerMinute: settings.requestsPerMinute ?? defaultRequestsPerMinute,
  requestsInFlight: settings.requestsInFlight ?? 8,
  auth: settings.auth ?? "core",
  soleSubmitter: settings.soleSubmitter ?? false,
  identifyBySeed: settings.identifyBySeed ?? true,
})

/** By hand: Effect's `Config` is a twentieth of what a host bundles, and only says that a string was expected. */
const readSettings = (
  environment: Readonly<Record<string, string | undefined>>,
): Effect.Effect<ScenarioSettings, InvalidInput> => {
  const issues: Array<InputIssue> = []
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined
  const needed = (name: string, expected: string): Redacted.Redacted => {
    const value = read(name)
    if (value === undefined) issues.push({ path: name, expected, got: "nothing" })
    return Redacted.make(value ?? "")
  }
  const positive = (name: string): number | undefined => {
    const value = read(name)
    if (value !== undefined && !(Number(value) > 0)) {
      issues.push({ path: name, expected: "a number above 0", got: JSON.stringify(value) })
    }
    return value === undefined ? undefined : Number(value)
  }
  const settings: ScenarioSettings = {
    apiKey: needed("SCENARIO_SDK_API_KEY", "the key of an API key, which Scenario's settings create"),
    apiSecret: needed("SCENARIO_SDK_API_SECRET", "the secret that was shown with the API key"),
    baseUrl: read("SCENARIO_BASE_URL"),
    projectId: read("SCENARIO_PROJECT_ID"),
    requestsPerMinute: positive("SCENARIO_REQUESTS_PER_MINUTE"),
  }
  return issues.length === 0 ? Effect.succeed(settings) : Effect.fail(new InvalidInput({ issues }))
}
