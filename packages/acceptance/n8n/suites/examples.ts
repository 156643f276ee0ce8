import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "vitest"
import { setTimeout as sleep } from "node:timers/promises"
import { FakeLanguageModel } from "../FakeLanguageModel.ts"
import { nodePackage } from "../packNode.ts"
import { errorOf, outputOf, paying, type World } from "../realN8n.ts"
import { everyTwoSeconds, triggerType, type Workflow } from "../Workflow.ts"
import { assertFiles } from "./generating.ts"

const folder = join(nodePackage, "examples")
const example = (file: string): Workflow => ({
  ...JSON.parse(readFileSync(join(folder, file), "utf8")),
  id: file.replace(".json", "").padEnd(16, "-").slice(0, 16),
  active: false,
})

export const examples = (world: () => World): void => {
  /** The execution that a trigger has begun, as soon as it has. */
  const firstOf = async ({ id }: Workflow): Promise<string> => {
    for (;;) {
      const [first] = await world().api.executionsOf(id)
      if (first !== undefined) return first.id
      await sleep(250)
    }
  }

  it("are workflows that n8n takes, of nodes that it knows", async () => {
    const { api } = world()
    const known = new Set((await api.nodeTypes()).map(({ name }) => name))
    for (const file of readdirSync(folder)) {
      const workflow = example(file)
      for (const { type } of workflow.nodes) assert.isTrue(known.has(type), `${file}: ${type}`)
      await api.save(api.withCredentials(workflow))
    }
  })

  it("make a file of each row of the sheet", async () => {
    const { api } = world()
    const execution = await paying(world(), 3, () => api.run(example("batch-from-a-sheet.json")))
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution, "Draw")))
    const items = outputOf(execution, "Made?")
    assert.deepStrictEqual(
      items.map(({ binary }) => binary?.["data"]?.fileName),
      [
        "a red house by the sea, gouache-1.png",
        "a fishing boat at dawn, gouache-1.png",
        "a market under striped awnings, gouache-1.png",
      ],
    )
    for (const item of items) await assertFiles(world(), item)
  })

  it("let an agent draw what it is asked for in a chat", { timeout: 60_000 }, async () => {
    await using model = await FakeLanguageModel.start({ prompt: "a fox in the snow" })
    const { api, simulator } = world()
    await api.addCredential("openAiApi", { apiKey: "none", url: model.url })
    const chat = { json: { chatInput: "Draw me a fox", sessionId: "1", action: "sendMessage" } }
    const drawn = example("agent-that-draws.json")
    // The language model is whatever one has a credential for.
    const workflow = {
      ...drawn,
      id: "agent-and-model-",
      nodes: drawn.nodes.map((node) =>
        node.name === "Language model" ? { ...node, credentials: { openAiApi: {} } } : node,
      ),
    }
    const execution = await paying(world(), 1, async () => api.ended(await api.begin(workflow, "Chat", chat)))
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution, "Agent")))
    assert.include(JSON.stringify(simulator.ledger().entries.at(-1)?.body), "a fox in the snow")
    assert.match(JSON.stringify(outputOf(execution, "Agent")[0]?.json), /Done: .*assets-transform/)
  })

  it("cut out what a job has made, started by whomever, and not what they have cut out themselves", async () => {
    const { api, simulator } = world()
    const drawn = example("when-a-job-has-finished.json")
    const workflow = {
      ...drawn,
      id: "job-has-finished",
      nodes: drawn.nodes.map((node) =>
        node.type === triggerType
          ? { ...node, parameters: { ...node.parameters, pollTimes: everyTwoSeconds } }
          : node,
      ),
    }
    await paying(world(), 1, async () => {
      await api.activate(workflow)
      await sleep(4_000)
      const assetIds = [simulator.addAsset({ width: 64 }), simulator.addAsset({ kind: "audio" })]
      const jobId = simulator.addJob({
        jobType: "custom",
        status: "success",
        ageMs: 100,
        durationMs: 50,
        assetIds,
      })
      const execution = await api.ended(await firstOf(workflow))
      assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution, "Cut out")))
      assert.deepStrictEqual(
        outputOf(execution, "Job finished").map(({ json }) => json["jobId"]),
        [jobId],
      )
      const items = outputOf(execution, "Cut out")
      assert.strictEqual(items.length, 1)
      for (const item of items) await assertFiles(world(), item)
      // The job of the cutting has ended by now, and several polls see it.
      await sleep(5_000)
      await api.deactivate(workflow)
      assert.strictEqual((await api.executionsOf(workflow.id)).length, 1)
    })
  }, 60_000)
}
