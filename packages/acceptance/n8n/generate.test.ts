import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { isSkipped, openWorld, outputOf, type World } from "./realN8n.ts"
import { byId, inputs, scenarioNode, workflowOf } from "./Workflow.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
}, 120_000)
afterAll(() => world[Symbol.asyncDispose]())

describe.skipIf(isSkipped)("Generate in a real n8n", () => {
  it("makes finished, named files of every row", async () => {
    const { api, simulator } = world
    const rows = ["a red house", "a blue boat", "a green hat"]
    const execution = await api.run(
      workflowOf(
        "rows",
        rows.map((prompt) => ({ json: { prompt } })),
        scenarioNode({
          resource: "generation",
          operation: "generate",
          modelId: byId("model_canvas-image-2"),
          inputs: inputs({ prompt: "={{ $json.prompt }}", numOutputs: 2 }),
        }),
      ),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(execution.runs, undefined, 1))
    const items = outputOf(execution)
    console.log(JSON.stringify(items, undefined, 1))
    assert.strictEqual(items.length, 3)
    assert.strictEqual(simulator.ledger().paidJobs, 3)
  })
})
