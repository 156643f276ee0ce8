import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { at, failureOf, keysOf, startWorld } from "./zapier.ts"

const perform = (create: string) => `creates.${create}.operation.perform`

describe("Run App", () => {
  it("runs a workflow to its files", async () => {
    await using world = await startWorld()
    const inputData = { app: "wflow_sprite-sheet", in_prompt: "a knight" }
    const { results } = await world.call(perform("run_app"), { inputData })
    expect(results).toMatchObject({ finished: true })
    expect(keysOf(results)).toEqual(Object.keys(generationSample))
    expect(world.simulator.ledger().entries).toMatchObject([
      { endpoint: "/workflows/wflow_sprite-sheet/run" },
    ])
  })

  it("says what it waits for when somebody has to approve", async () => {
    await using world = await startWorld()
    const inputData = { app: "wflow_approved-poster", in_prompt: "a knight" }
    const { results, status } = await world.call(perform("run_app"), { inputData })
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({
      finished: false,
      message: expect.stringMatching(/waits for approval of approval/),
    })
    const held = { generation: at(results, "id"), ifUnfinished: "wait" }
    const failure = await failureOf(
      world.call("searches.find_generation.operation.perform", { inputData: held }),
    )
    expect(failure).toMatchObject({
      name: "HaltedError",
      message: expect.stringMatching(/somebody's decision/),
    })
  })
})
