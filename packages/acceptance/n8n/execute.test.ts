import { startSimulator } from "@scenario-automation/simulator"
import { globSync, readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { N8n } from "./N8n.ts"
import { installed, isSkipped, whySkipped } from "./realN8n.ts"
import { byId, inputs, scenarioNode, makeWorkflow } from "./Workflow.ts"

describe.skipIf(isSkipped)(`n8n execute${whySkipped}`, () => {
  it("runs the installed node in its own process, which ends", { timeout: 120_000 }, async () => {
    if ("missing" in installed) return
    await using simulator = await startSimulator({ speed: 20, pictures: "plain" })
    const n8n = await N8n.prepare(installed.folder)
    const { apiKey, apiSecret, baseUrl } = simulator
    const credential = await n8n.importCredential({ apiKey, apiSecret, baseUrl })
    const node = scenarioNode(
      {
        resource: "generation",
        operation: "generate",
        modelId: byId("model_canvas-image-2"),
        mode: "",
        inputs: inputs({ prompt: "a red house", numOutputs: 3 }),
      },
      { credentials: { scenarioApi: credential } },
    )
    const workflow = makeWorkflow("execute", [{ json: {} }], node)
    await n8n.importWorkflow(workflow)
    const { exitCode, output } = await n8n.execute(workflow.id)
    assert.strictEqual(exitCode, 0, output)
    const stored = globSync(".n8n/storage/**/binary_data/*", { cwd: n8n.folder })
      .filter((file) => !file.endsWith(".metadata"))
      .map((file) => readFileSync(`${n8n.folder}/${file}`).toString("base64"))
    const made = await Promise.all(
      simulator.assets().map(async (asset) => {
        const answer = await fetch(JSON.parse(JSON.stringify(asset)).url)
        return Buffer.from(await answer.arrayBuffer()).toString("base64")
      }),
    )
    assert.strictEqual(stored.length, 3)
    assert.sameMembers(stored, made)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
    n8n.remove()
  })
})
