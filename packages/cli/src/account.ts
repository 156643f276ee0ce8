import { ApiHttp, CdnHttp, Scenario, ScenarioConfig, type ScenarioServices } from "@scenario-automation/core"
import { Effect, Layer } from "effect"
import { BadSetting, MissingCredentials } from "./accountErrors.ts"
import { keptDurations } from "./keptDurations.ts"

const needed = ["SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"]

/** Core says which value is bad by a path into its schema; of its settings only one has a form that can be wrong. */
const explain = Effect.suspend(() => {
  const missing = needed.filter((name) => (process.env[name] ?? "") === "")
  return Effect.fail(
    missing.length > 0
      ? new MissingCredentials({ variables: missing })
      : new BadSetting({ variable: "SCENARIO_REQUESTS_PER_MINUTE", expected: "a number above 0" }),
  )
})

/** `ScenarioConfig.fromEnv`, with a sentence for what is missing in it. */
export const configFromEnvironment: Layer.Layer<ScenarioConfig, MissingCredentials | BadSetting> =
  ScenarioConfig.fromEnv.pipe(Layer.catch(() => Layer.effect(ScenarioConfig, explain)))

/** The account that the environment names, with everything that can be done in it. */
export const account: Layer.Layer<ScenarioServices, MissingCredentials | BadSetting> = keptDurations.pipe(
  Layer.provideMerge(Scenario.layer),
  Layer.provide(Layer.mergeAll(configFromEnvironment, ApiHttp.layerFetch(), CdnHttp.layerFetch())),
)
