import { configFromEnvironment, type MissingCredentials } from "@scenario-automation/cli"
import {
  ApiHttp,
  CdnHttp,
  defaultBaseUrl,
  type InvalidInput,
  Scenario,
  ScenarioConfig,
  type ScenarioServices,
} from "@scenario-automation/core"
import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { RequestRecorder } from "./RequestRecorder.ts"

/** Where the demo takes place: one account, and a record of what it asks. */
export interface World {
  readonly account: Layer.Layer<ScenarioServices, MissingCredentials | InvalidInput>
  readonly requests: RequestRecorder
  /** A moment by Scenario's clock, told by the clock on the wall. Epoch milliseconds. */
  readonly wallTimeOf: (time: number) => number
  /** In a sentence. */
  readonly description: string
}

/** How long the simulated jobs take, in the order of their birth; simulated milliseconds that suit four in one. */
const durationsMs = [13_000, 21_000, 12_000, 17_000, 24_000, 28_000]

/** Scenario's API on this machine, where a second lasts so many. */
export const simulatedWorld = Effect.fnUntraced(function* (
  speed: number,
): Effect.fn.Return<World & { readonly simulator: Simulator }, never, Scope.Scope> {
  const simulator = yield* Effect.acquireRelease(
    Effect.promise(() => startSimulator({ speed })),
    (running) => Effect.promise(() => running.close()),
  )
  const startedAt = { simulated: simulator.now(), wall: Date.now() }
  const requests = new RequestRecorder()
  const config = ScenarioConfig.layer({
    apiKey: Redacted.make(simulator.apiKey),
    apiSecret: Redacted.make(simulator.apiSecret),
    baseUrl: simulator.baseUrl,
    // A hundred in each minute of the simulator's, which are as much shorter.
    requestsPerMinute: Math.round(100 * Math.max(1, speed)),
  })
  return {
    simulator,
    account: accountOf(config, requests),
    requests,
    wallTimeOf: (time) => startedAt.wall + (time - startedAt.simulated) / speed,
    description: `A simulator of Scenario answers at ${simulator.baseUrl}; ${speed} of its seconds last one.`,
  }
})

/** From here on the simulator's jobs take as long as is good to watch. */
export const planJobs = (simulator: Simulator): void => {
  for (const durationMs of durationsMs) simulator.planNextJob({ durationMs })
}

/** The account that the environment names. */
export const liveWorld = (): World => {
  const requests = new RequestRecorder()
  return {
    account: accountOf(configFromEnvironment, requests),
    requests,
    wallTimeOf: (time) => time,
    description: `Your account at ${process.env["SCENARIO_BASE_URL"] ?? defaultBaseUrl}: what is generated is billed.`,
  }
}

const accountOf = (
  config: Layer.Layer<ScenarioConfig, MissingCredentials | InvalidInput>,
  requests: RequestRecorder,
): World["account"] =>
  Scenario.layer.pipe(
    Layer.provide(Layer.mergeAll(config, ApiHttp.layerFetch(requests.fetch), CdnHttp.layerFetch())),
  )
