import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { afterEach, beforeEach, vi } from "vitest"
import { defaultBaseUrl, ScenarioConfig } from "./ScenarioConfig.ts"

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

describe("ScenarioConfig.fromEnv", () => {
  beforeEach(() => names.forEach((name) => vi.stubEnv(name, undefined)))
  afterEach(() => vi.unstubAllEnvs())

  const setKey = () => {
    vi.stubEnv("SCENARIO_SDK_API_KEY", "key")
    vi.stubEnv("SCENARIO_SDK_API_SECRET", "secret")
  }

  it.effect("needs the key and its secret alone", () => {
    setKey()
    return Effect.map(fromEnv, (config) => {
      assert.strictEqual(Redacted.value(config.apiKey), "key")
      assert.strictEqual(Redacted.value(config.apiSecret), "secret")
      assert.strictEqual(config.baseUrl, defaultBaseUrl)
      assert.isUndefined(config.projectId)
      assert.strictEqual(config.requestsPerMinute, 100)
    })
  })

  it.effect("takes the rest where it is set, and an empty one for absent", () => {
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
