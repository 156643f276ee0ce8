import { configFromEnvironment, type MissingCredentials } from "@scenario-automation/cli"
import {
  ApiHttp,
  CdnHttp,
  type InvalidInput,
  Scenario,
  ScenarioConfig,
  type ScenarioServices,
} from "@scenario-automation/core"
import { defaultBaseUrl } from "@scenario-automation/core/host"
import { startSimulator } from "@scenario-automation/simulator"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { RequestRecorder } from "./RequestRecorder.ts"

/** What the demo runs against: one account, and a record of its requests. */
export interface World {
  readonly account: Layer.Layer<ScenarioServices, MissingCredentials | InvalidInput>
  readonly requests: RequestRecorder
  /** Converts a time by Scenario's clock to this machine's. Epoch milliseconds. */
  readonly toWallTime: (time: number) => number
  /** One sentence for the user. */
  readonly description: string
}

/** Simulated ms. Real 3D models and videos take minutes. */
const medianDurationsMs = { image: 12_000, audio: 12_000, "3d": 19_000, video: 22_000 }

/** Scenario's API on this machine. `speed` is how many simulated seconds pass in a second. */
export const openSimulatedWorld = Effect.fnUntraced(function* (
  speed: number,
): Effect.fn.Return<World, never, Scope.Scope> {
  const simulator = yield* Effect.acquireRelease(
    Effect.promise(() => startSimulator({ speed, medianDurationsMs })),
    (running) => Effect.promise(() => running.close()),
  )
  const startedAt = { simulated: simulator.now(), wall: Date.now() }
  const requests = new RequestRecorder()
  const config = ScenarioConfig.layer({
    apiKey: Redacted.make(simulator.apiKey),
    apiSecret: Redacted.make(simulator.apiSecret),
    baseUrl: simulator.baseUrl,
    // 100 a minute of the simulator's clock, which runs faster.
    requestsPerMinute: Math.round(100 * Math.max(1, speed)),
  })
  return {
    account: createAccount(config, requests),
    requests,
    toWallTime: (time) => startedAt.wall + (time - startedAt.simulated) / speed,
    description: `A simulator of Scenario runs at ${simulator.baseUrl}, ${speed} times as fast as real time.`,
  }
})

/** The account that the environment names. */
export const openLiveWorld = (): World => {
  const requests = new RequestRecorder()
  return {
    account: createAccount(configFromEnvironment, requests),
    requests,
    toWallTime: (time) => time,
    description: `Your account at ${process.env["SCENARIO_BASE_URL"] ?? defaultBaseUrl}; generations are charged.`,
  }
}

const createAccount = (
  config: Layer.Layer<ScenarioConfig, MissingCredentials | InvalidInput>,
  requests: RequestRecorder,
): World["account"] =>
  Scenario.layer.pipe(
    Layer.provide(Layer.mergeAll(config, ApiHttp.layerFetch(requests.fetch), CdnHttp.layerFetch())),
  )
