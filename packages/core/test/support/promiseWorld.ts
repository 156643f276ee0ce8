import { type Simulator, type SimulatorOptions, startSimulator } from "@scenario-automation/simulator"
import { afterAll, assert, beforeAll } from "vitest"
import { createScenario, type Scenario, type ScenarioOptions } from "../../src/promise.ts"

/** A simulator, and the Promise API for its account. */
export interface PromiseWorld {
  readonly simulator: Simulator
  readonly scenario: Scenario
}

export interface PromiseWorldOptions {
  /** Default: real time, 20 times as fast. */
  readonly simulator?: SimulatorOptions
  readonly scenario?: ScenarioOptions
}

export const startWorld = async (
  options: PromiseWorldOptions = {},
): Promise<PromiseWorld & AsyncDisposable> => {
  const simulator = await startSimulator(options.simulator ?? { speed: 20 })
  const { apiKey, apiSecret, baseUrl } = simulator
  const scenario = createScenario({ apiKey, apiSecret, baseUrl, ...options.scenario })
  return {
    simulator,
    scenario,
    [Symbol.asyncDispose]: async () => {
      await scenario.close()
      await simulator.close()
    },
  }
}

/** One world for all tests of a file. */
export const useWorld = (options?: PromiseWorldOptions): PromiseWorld => {
  let world: (PromiseWorld & AsyncDisposable) | undefined
  beforeAll(async () => {
    world = await startWorld(options)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())
  const getWorld = () => world ?? assert.fail("the world starts before the first test")
  return {
    get simulator() {
      return getWorld().simulator
    },
    get scenario() {
      return getWorld().scenario
    },
  }
}

/** Awaits a promise that must reject with an error of this tag or name, and returns the error. */
export const expectError = async (promise: Promise<unknown>, name: string): Promise<Error> => {
  const error = await getRejection(promise)
  if (!(error instanceof Error)) return assert.fail(`it rejected with ${String(error)}`)
  const tag: unknown = Reflect.get(error, "_tag") ?? error.name
  assert.strictEqual(tag, name, error.stack ?? error.message)
  return error
}

/** Awaits a promise that must reject with an error of this class, and returns the error. */
export const expectInstance = async <E extends Error>(
  promise: Promise<unknown>,
  // The constructor's parameters don't matter here.
  errorClass: abstract new (...args: never) => E,
): Promise<E> => {
  const error = await getRejection(promise)
  return error instanceof errorClass ? error : assert.fail(`it rejected with ${String(error)}`)
}

const getRejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  return assert.fail("it did not reject")
}

export const redHouse = {
  endpoint: "txt2img",
  inputs: { modelId: "model_flux-1-dev", prompt: "a red house" },
} as const
