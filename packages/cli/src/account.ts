import { type InvalidInput, Scenario, ScenarioConfig, type ScenarioServices } from "@scenario-automation/core"
import { loggedFetch } from "@scenario-automation/core/host"
import { Effect, Layer } from "effect"
import { durationCache } from "./durationCache.ts"
import { MissingCredentials } from "./MissingCredentials.ts"
import { type InvalidProxy, useProxies } from "./proxy.ts"

const credentialVariables = new Set(["SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"])

/** `ScenarioConfig.fromEnv`, with a better error if the key is missing. */
export const configFromEnvironment: Layer.Layer<ScenarioConfig, MissingCredentials | InvalidInput> =
  ScenarioConfig.fromEnv.pipe(
    Layer.catch((invalid) => {
      const missing = invalid.issues
        .filter(({ path, got }) => credentialVariables.has(path) && got === "nothing")
        .map(({ path }) => path)
      const error = missing.length > 0 ? new MissingCredentials({ variables: missing }) : invalid
      return Layer.effect(ScenarioConfig, Effect.fail(error))
    }),
  )

export interface AccountOptions {
  /** Whether nothing else submits with this key. Default false. */
  readonly soleSubmitter?: boolean
}

/** Settings in the environment that are missing or wrong. */
export type AccountError = MissingCredentials | InvalidInput | InvalidProxy

/** The services of the account that the environment names. */
export const makeAccount = ({ soleSubmitter = false }: AccountOptions = {}): Layer.Layer<
  ScenarioServices | ScenarioConfig,
  AccountError
> => {
  const config = Layer.effect(
    ScenarioConfig,
    Effect.map(ScenarioConfig, (settings) => ({ ...settings, soleSubmitter })),
  ).pipe(Layer.provide(configFromEnvironment))
  return durationCache.pipe(
    Layer.provideMerge(Scenario.layer),
    Layer.provide(loggedFetch()),
    Layer.provideMerge(config),
    Layer.provideMerge(Layer.effectDiscard(useProxies)),
  )
}

/** The account for commands that submit nothing. */
export const account: Layer.Layer<ScenarioServices | ScenarioConfig, AccountError> = makeAccount()
