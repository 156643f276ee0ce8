import {
  ApiHttp,
  CdnHttp,
  type InvalidInput,
  Scenario,
  ScenarioConfig,
  type ScenarioServices,
} from "@scenario-automation/core"
import { Effect, Layer } from "effect"
import { MissingCredentials } from "./MissingCredentials.ts"
import { keptDurations } from "./keptDurations.ts"

const needed = new Set(["SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"])

/** `ScenarioConfig.fromEnv`; who has no key at all learns where there is one, and how to do without. */
export const configFromEnvironment: Layer.Layer<ScenarioConfig, MissingCredentials | InvalidInput> =
  ScenarioConfig.fromEnv.pipe(
    Layer.catch((invalid) => {
      const missing = invalid.issues.map(({ path }) => path).filter((name) => needed.has(name))
      const error = missing.length > 0 ? new MissingCredentials({ variables: missing }) : invalid
      return Layer.effect(ScenarioConfig, Effect.fail(error))
    }),
  )

/** The account that the environment names, with everything that can be done in it. */
export const account: Layer.Layer<ScenarioServices, MissingCredentials | InvalidInput> = keptDurations.pipe(
  Layer.provideMerge(Scenario.layer),
  Layer.provide(Layer.mergeAll(configFromEnvironment, ApiHttp.layerFetch(), CdnHttp.layerFetch())),
)
