import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { assert } from "vitest"
import { createScenario, type Scenario, type ScenarioOptions } from "../../src/promise.ts"

/** A simulator and the Promise front over it. Time is real, and runs fast in the simulator. */
export interface PromiseWorld extends AsyncDisposable {
  readonly simulator: Simulator
  readonly scenario: Scenario
}

export const startWorld = async (options: ScenarioOptions = {}): Promise<PromiseWorld> => {
  const simulator = await startSimulator({ speed: 20 })
  const { apiKey, apiSecret, baseUrl } = simulator
  const scenario = createScenario({ apiKey, apiSecret, baseUrl, ...options })
  return {
    simulator,
    scenario,
    [Symbol.asyncDispose]: async () => {
      await scenario.close()
      await simulator.close()
    },
  }
}

/** What a promise rejects with. */
const getRejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  return assert.fail("it did not reject")
}

/** The same, as an error of the given tag or name. */
export const expectError = async (promise: Promise<unknown>, name: string): Promise<Error> => {
  const error = await getRejection(promise)
  if (!(error instanceof Error)) return assert.fail(`it rejected with ${String(error)}`)
  const tag: unknown = Reflect.get(error, "_tag") ?? error.name
  assert.strictEqual(tag, name, error.stack ?? error.message)
  return error
}

export const redHouse = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house" },
} as const
