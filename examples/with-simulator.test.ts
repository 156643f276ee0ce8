// Tests your own code against the simulator: over real sockets, with faults, without a key, and without real waiting.
//
//   npm install --save-dev vitest @scenario-automation/simulator
//   npx vitest run with-simulator.test.ts

import { createScenario, JobFailed, type Scenario } from "@scenario-automation/client"
import { type Simulator, startSimulator, VirtualTime } from "@scenario-automation/simulator"
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
/** Moves the simulator's clock and your code's timers together. */
let time: VirtualTime

beforeEach(async () => {
  simulator = await startSimulator({ clock: "stepped" })
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"], now: simulator.now() })
  time = new VirtualTime(simulator, { advance: (ms) => vi.advanceTimersByTimeAsync(ms) })
  const { apiKey, apiSecret, baseUrl, cdnUrl } = simulator
  scenario = createScenario({ apiKey, apiSecret, baseUrl, cdnUrl, fetch: time.fetch })
})

afterEach(async () => {
  vi.useRealTimers()
  await scenario.close()
  await simulator.close()
})

test("pays once if the response to the submit is lost", async () => {
  simulator.faults.next("lost-response")
  expect(await time.run(illustrate(scenario, "a red house"))).toMatch(/^http/)
  expect(simulator.ledger().paidJobs).toBe(1)
})

test("says why there is no picture", async () => {
  simulator.planNextJob({ durationMs: 120_000, outcome: "failure", error: "Out of paint" })
  expect(await time.run(illustrate(scenario, "a red house"))).toBe("no picture: Out of paint")
  expect(simulator.ledger().paidJobs).toBe(1)
})
