import {
  ApiHttp,
  CdnHttp,
  InvalidInput,
  Scenario,
  ScenarioConfig,
  type ScenarioServices,
} from "@scenario-automation/core"
import { Effect, Layer } from "effect"
import { durationCache } from "./durationCache.ts"
import { MissingCredentials } from "./MissingCredentials.ts"
import { type InvalidProxy, useProxies } from "./proxy.ts"
import { RequestTracker } from "./RequestTracker.ts"

const credentialVariables = new Set(["SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"])

/** `ScenarioConfig.fromEnv`; without a key it says where to get one, and how to do without. */
export const configFromEnvironment: Layer.Layer<ScenarioConfig, MissingCredentials | InvalidInput> =
  ScenarioConfig.fromEnv.pipe(
    Layer.catch((invalid) => {
      const missing = invalid.issues.map(({ path }) => path).filter((name) => credentialVariables.has(name))
      const error = missing.length > 0 ? new MissingCredentials({ variables: missing }) : invalid
      return Layer.effect(ScenarioConfig, Effect.fail(error))
    }),
  )

const checkBaseUrl = ({ baseUrl }: ScenarioConfig["Service"]): Effect.Effect<void, InvalidInput> => {
  const url = URL.parse(baseUrl)
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.hostname !== ""
  if (isUsable) return Effect.void
  const expected = "a URL as https://api.cloud.scenario.com/v1"
  const issue = { path: "SCENARIO_BASE_URL", expected, got: JSON.stringify(baseUrl) }
  return Effect.fail(new InvalidInput({ issues: [issue] }))
}

export interface AccountOptions {
  /** Whether nothing else submits with this key. Default false. */
  readonly soleSubmitter?: boolean
  readonly tracker?: RequestTracker
}

/** What the account needs from the environment before its first request. */
export type AccountError = MissingCredentials | InvalidInput | InvalidProxy

/** The account that the environment names, with everything that can be done in it. */
export const makeAccount = ({
  soleSubmitter = false,
  tracker = new RequestTracker(),
}: AccountOptions = {}): Layer.Layer<ScenarioServices | ScenarioConfig, AccountError> => {
  const config = Layer.effect(
    ScenarioConfig,
    Effect.map(Effect.tap(ScenarioConfig, checkBaseUrl), (settings) => ({ ...settings, soleSubmitter })),
  ).pipe(Layer.provide(configFromEnvironment))
  const transports = Layer.mergeAll(ApiHttp.layerFetch(tracker.fetch), CdnHttp.layerFetch())
  return durationCache.pipe(
    Layer.provideMerge(Scenario.layer),
    Layer.provide(transports),
    Layer.provideMerge(config),
    Layer.provideMerge(Layer.effectDiscard(useProxies)),
  )
}

/** For commands that submit nothing. */
export const account: Layer.Layer<ScenarioServices | ScenarioConfig, AccountError> = makeAccount()
