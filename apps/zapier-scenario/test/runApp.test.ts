import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { at, catchFailure, getKeys, startWorld } from "./zapier.ts"

const perform = (create: string) => `creates.${create}.operation.perform`

describe("Run App", () => {
  it("runs a workflow to its files", async () => {
    await using world = await startWorld()
    const inputData = { app: "wflow_sprite-sheet", in_prompt: "a knight" }
    const { results } = await world.call(perform("run_app"), { inputData })
    expect(results).toMatchObject({ finished: true })
    expect(getKeys(results)).toEqual(Object.keys(generationSample))
    expect(world.simulator.ledger().entries).toMatchObject([
      { endpoint: "/workflows/wflow_sprite-sheet/run" },
    ])
  })

  it("says at once what it waits for when somebody has to approve, and holds the Zap for that", async () => {
    await using world = await startWorld()
    const inputData = { app: "wflow_approved-poster", in_prompt: "a knight" }
    const begunAt = performance.now()
    const { results, status } = await world.call(perform("run_app"), { inputData })
    const tookMs = performance.now() - begunAt
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({
      finished: false,
      status: "in-progress",
      message: expect.stringMatching(/decision on approval: approve or reject it in Scenario/),
    })
    // Long before its wait is over: as soon as the step before the approval is through.
    expect(tookMs).toBeLessThan(15_000)

    const generation = at(results, "id")
    const look = () =>
      world.call("searches.find_generation.operation.perform", {
        inputData: { generation, ifUnfinished: "wait" },
      })
    const begunLookingAt = performance.now()
    expect(await catchFailure(look())).toMatchObject({
      name: "ThrottledError",
      message: expect.stringMatching(/decision on approval.*again in a minute/),
    })
    expect(performance.now() - begunLookingAt).toBeLessThan(2_000)
    await world.sleep(31 * 60_000)
    expect(await catchFailure(look())).toMatchObject({
      name: "HaltedError",
      message: expect.stringMatching(/decision on approval.*half an hour/),
    })
  })
})
