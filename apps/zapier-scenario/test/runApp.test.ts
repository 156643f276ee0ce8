import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { at, catchFailure, getKeys, startWorld } from "./zapier.ts"

const perform = (create: string) => `creates.${create}.operation.perform`

describe("Run App", () => {
  it("returns the files of a workflow", async () => {
    await using world = await startWorld()
    const inputData = { app: "wflow_sprite-sheet", in_prompt: "a knight" }
    const { results } = await world.call(perform("run_app"), { inputData })
    expect(results).toMatchObject({ finished: true })
    expect(getKeys(results)).toEqual(Object.keys(generationSample))
    expect(world.simulator.ledger().entries).toMatchObject([
      { endpoint: "/workflows/wflow_sprite-sheet/run" },
    ])
  })

  it("returns at once at an approval, and Find Generation holds the Zap", async () => {
    await using world = await startWorld()
    const inputData = { app: "wflow_approved-poster", in_prompt: "a knight" }
    const startedAt = performance.now()
    const { results, status } = await world.call(perform("run_app"), { inputData })
    const tookMs = performance.now() - startedAt
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({
      finished: false,
      status: "in-progress",
      message: expect.stringMatching(/waits for approval of approval: approve or reject it in Scenario/),
    })
    // The wait ends when the step before the approval has ended.
    expect(tookMs).toBeLessThan(15_000)

    const generation = at(results, "id")
    const findAndHold = () =>
      world.call("searches.find_generation.operation.perform", {
        inputData: { generation, ifNotFinished: "wait" },
      })
    const pollStartedAt = performance.now()
    expect(await catchFailure(findAndHold())).toMatchObject({
      name: "ThrottledError",
      message: expect.stringMatching(/waits for approval.*again in a minute/),
    })
    expect(performance.now() - pollStartedAt).toBeLessThan(2_000)
    await world.sleep(31 * 60_000)
    expect(await catchFailure(findAndHold())).toMatchObject({
      name: "HaltedError",
      message: expect.stringMatching(/waits for approval.*half an hour/),
    })
  })
})
