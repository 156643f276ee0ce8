import { startSimulator } from "@scenario-automation/simulator"
import { describe, expect, it } from "vitest"
import { createScenario } from "../src/promise.ts"

// Dates of a fast simulator run ahead of this machine's clock, also between the last response and the submit.
describe.each([20, 100])("at %d times real speed", (speed) => {
  it.each([
    ["by its seed", "model_bfl-flux-1-dev", false],
    ["by its inputs", "model_openai-gpt-image-2", true],
  ])("the job of a lost response is recognized %s", async (_, model, soleSubmitter) => {
    await using simulator = await startSimulator({ speed, pictures: "plain" })
    await using scenario = createScenario({ ...simulator, soleSubmitter })
    const request = { model, inputs: { prompt: "a red house" } }
    await scenario.estimate(request)
    await new Promise((resolve) => {
      setTimeout(resolve, 1_000)
    })
    simulator.faults.next("lost-response", { path: "/generate/" })
    const { job } = await scenario.generate(request)
    expect(simulator.ledger().entries.map(({ jobId }) => jobId)).toEqual([job.jobId])
  })
})
