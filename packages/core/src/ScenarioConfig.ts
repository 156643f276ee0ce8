import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { checkSettings, fromOptions, withEnvironment } from "./checkSettings.ts"
import type { InvalidInput } from "./errors.ts"
import type { CheckedSettings, ScenarioSettings } from "./ScenarioSettings.ts"

/** The account that everything else works with. */
export class ScenarioConfig extends Context.Service<ScenarioConfig, CheckedSettings>()(
  "@scenario-automation/core/ScenarioConfig",
) {
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
