import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { checkSettings, fromOptions, withEnvironment } from "./checkSettings.ts"
import type { InvalidInput } from "./errors.ts"
import type { CheckedSettings, ScenarioSettings } from "./ScenarioSettings.ts"

/** The settings of the account. */
export class ScenarioConfig extends Context.Service<ScenarioConfig, CheckedSettings>()(
  "@scenario-automation/core/ScenarioConfig",
) {
  /** From the caller's settings. Fails with an `InvalidInput` that names each wrong setting. */
  static readonly layer = (settings: ScenarioSettings): Layer.Layer<ScenarioConfig, InvalidInput> =>
    Layer.effect(
      ScenarioConfig,
      Effect.suspend(() => Effect.fromResult(checkSettings(fromOptions({ ...settings })))),
    )

  /**
   * From Effect's `Config`, such as `Config.all({ apiKey: Config.Redacted("MY_KEY"), apiSecret: Config.Redacted("MY_SECRET") })`.
   * Settings that it leaves out get their defaults.
   */
  static readonly layerConfig = (
    config: Config.Config<ScenarioSettings>,
  ): Layer.Layer<ScenarioConfig, InvalidInput | Config.ConfigError> =>
    Layer.effect(
      ScenarioConfig,
      Effect.flatMap(config, (settings) => Effect.fromResult(checkSettings(fromOptions({ ...settings })))),
    )

  /**
   * From the environment, as it is when the layer is built: `SCENARIO_SDK_API_KEY` and `SCENARIO_SDK_API_SECRET`, which are
   * required, and `SCENARIO_BASE_URL`, `SCENARIO_CDN_URL`, `SCENARIO_PROJECT_ID`, and `SCENARIO_REQUESTS_PER_MINUTE`. An empty
   * variable counts as absent. Fails with an `InvalidInput` that names each missing or wrong variable.
   */
  static readonly fromEnv: Layer.Layer<ScenarioConfig, InvalidInput> = Layer.effect(
    ScenarioConfig,
    Effect.suspend(() => Effect.fromResult(checkSettings(withEnvironment({})))),
  )
}
