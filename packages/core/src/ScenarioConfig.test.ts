import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Redacted } from "effect"
import { afterEach, beforeEach, vi } from "vitest"
import { defaultBaseUrl } from "./defaults.ts"
import { ScenarioConfig } from "./ScenarioConfig.ts"

const names = [
  "SCENARIO_SDK_API_KEY",
  "SCENARIO_SDK_API_SECRET",
  "SCENARIO_BASE_URL",
  "SCENARIO_PROJECT_ID",
  "SCENARIO_REQUESTS_PER_MINUTE",
]

const fromEnv = Effect.provide(
  ScenarioConfig.use((config) => Effect.succeed(config)),
  ScenarioConfig.fromEnv,
)

const fromConfig = (values: Readonly<Record<string, string>>) =>
  ScenarioConfig.use((config) => Effect.succeed(config)).pipe(
    Effect.provide(
      ScenarioConfig.layerConfig(
        Config.all({ apiKey: Config.Redacted("MY_KEY"), apiSecret: Config.String("MY_SECRET") }),
      ),
    ),
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(values))),
  )

describe("ScenarioConfig.layerConfig", () => {
  it.effect("takes settings from the config provider, secrets redacted or as text", () =>
    Effect.map(fromConfig({ MY_KEY: "key", MY_SECRET: "secret" }), (config) => {
      assert.strictEqual(Redacted.value(config.apiKey), "key")
      assert.strictEqual(Redacted.value(config.apiSecret), "secret")
      assert.strictEqual(config.baseUrl, defaultBaseUrl)
    }),
  )

  it.effect("fails with ConfigError if a value is missing, and with InvalidInput if it can't be used", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(fromConfig({ MY_KEY: "key" })))._tag, "ConfigError")
      const unusable = yield* Effect.flip(fromConfig({ MY_KEY: "key:secret", MY_SECRET: "secret" }))
      assert.strictEqual(unusable._tag, "InvalidInput")
    }),
  )
})

describe("ScenarioConfig.layer", () => {
  it.effect("refuses a secret that only another copy of effect can read, and says what to do", () => {
    const unreadable = Redacted.make("key")
    Redacted.wipeUnsafe(unreadable)
    const layer = ScenarioConfig.layer({ apiKey: unreadable, apiSecret: "secret" })
    return Effect.map(Effect.flip(Effect.provide(ScenarioConfig.use(Effect.succeed), layer)), (error) => {
      assert.include(error.message, "another copy of effect")
    })
  })
})

describe("ScenarioConfig.fromEnv", () => {
  beforeEach(() => names.forEach((name) => vi.stubEnv(name, undefined)))
  afterEach(() => vi.unstubAllEnvs())

  const setKey = () => {
    vi.stubEnv("SCENARIO_SDK_API_KEY", "key")
    vi.stubEnv("SCENARIO_SDK_API_SECRET", "secret")
  }

  it.effect("needs only the key and its secret", () => {
    setKey()
    return Effect.map(fromEnv, (config) => {
      assert.strictEqual(Redacted.value(config.apiKey), "key")
      assert.strictEqual(Redacted.value(config.apiSecret), "secret")
      assert.strictEqual(config.baseUrl, defaultBaseUrl)
      assert.isUndefined(config.projectId)
      assert.strictEqual(config.requestsPerMinute, 100)
    })
  })

  it.effect("reads the other settings if they are set, and an empty one counts as absent", () => {
    setKey()
    vi.stubEnv("SCENARIO_BASE_URL", "http://api.example/v1/")
    vi.stubEnv("SCENARIO_PROJECT_ID", "")
    vi.stubEnv("SCENARIO_REQUESTS_PER_MINUTE", "50")
    return Effect.map(fromEnv, (config) => {
      assert.strictEqual(config.baseUrl, "http://api.example/v1")
      assert.isUndefined(config.projectId)
      assert.strictEqual(config.requestsPerMinute, 50)
    })
  })

  it.effect("names everything that is missing or cannot be used, and no secret", () => {
    vi.stubEnv("SCENARIO_SDK_API_SECRET", "secret-value")
    vi.stubEnv("SCENARIO_REQUESTS_PER_MINUTE", "many")
    return Effect.map(Effect.flip(fromEnv), (error) => {
      assert.deepStrictEqual(
        error.issues.map(({ path, got }) => [path, got]),
        [
          ["SCENARIO_SDK_API_KEY", "nothing"],
          ["SCENARIO_REQUESTS_PER_MINUTE", '"many"'],
        ],
      )
      assert.notInclude(error.message, "secret-value")
    })
  })
})
