// Tests your own code against the simulator: over real sockets, with faults, without a key, and without real waiting.
//
//   npm install --save-dev vitest @scenario-automation/simulator
//   npx vitest run with-simulator.test.ts

import { createScenario, JobFailed, type Scenario } from "@scenario-automation/client"
import { type Simulator, startSimulator } from "@scenario-automation/simulator"
import { afterEach, beforeEach, expect, test, vi } from "vitest"

/** Your own code. */
const illustrate = async (scenario: Scenario, prompt: string): Promise<string> => {
  try {
    const { assets } = await scenario.generate({ model: "model_bfl-flux-1-dev", inputs: { prompt } })
    return assets[0]?.url ?? "no picture"
  } catch (error) {
    if (error instanceof JobFailed) return `no picture: ${error.reason}`
    throw error
  }
}

let simulator: Simulator
let scenario: Scenario

beforeEach(async () => {
  simulator = await startSimulator({ clock: "stepped" })
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"], now: simulator.now() })
  const { apiKey, apiSecret, baseUrl, cdnUrl } = simulator
  scenario = createScenario({ apiKey, apiSecret, baseUrl, cdnUrl })
})

afterEach(async () => {
  vi.useRealTimers()
  await scenario.close()
  await simulator.close()
})

/** Moves the simulator's clock and your code's timers together, until the call ends. */
const inVirtualTime = async <T>(call: Promise<T>): Promise<T> => {
  let isOver = false
  const end = () => (isOver = true)
  call.then(end, end)
  while (!isOver) {
    // The requests travel over real sockets: let them arrive. `setImmediate` isn't faked.
    for (let round = 0; round < 50; round++) await new Promise((resolve) => setImmediate(resolve))
    await simulator.advance(250)
    await vi.advanceTimersByTimeAsync(250)
  }
  return call
}

test("pays once if the response to the submit is lost", async () => {
  simulator.faults.next("lost-response")
  expect(await inVirtualTime(illustrate(scenario, "a red house"))).toMatch(/^http/)
  expect(simulator.ledger().paidJobs).toBe(1)
})

test("says why there is no picture", async () => {
  simulator.planNextJob({ durationMs: 120_000, outcome: "failure", error: "Out of paint" })
  expect(await inVirtualTime(illustrate(scenario, "a red house"))).toBe("no picture: Out of paint")
  expect(simulator.ledger().paidJobs).toBe(1)
})
