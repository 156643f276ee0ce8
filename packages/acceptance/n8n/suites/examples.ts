import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "vitest"
import { setTimeout as sleep } from "node:timers/promises"
import { FakeLanguageModel } from "../FakeLanguageModel.ts"
import { FormVisitor } from "../FormVisitor.ts"
import { nodePackage } from "../packNode.ts"
import { getError, getOutput, expectPaid, type World } from "../realN8n.ts"
import { everyTwoSeconds, triggerType, type Workflow } from "../Workflow.ts"
import { assertFiles } from "./generating.ts"

const folder = join(nodePackage, "examples")

export const readExample = (file: string): Workflow => ({
  ...JSON.parse(readFileSync(join(folder, file), "utf8")),
  id: file.replace(".json", "").padEnd(16, "-").slice(0, 16),
  active: false,
})

export const examples = (world: () => World): void => {
  const waitForExecution = async ({ id }: Workflow): Promise<string> => {
    for (;;) {
      const [first] = await world().api.listExecutions(id)
      if (first !== undefined) return first.id
      await sleep(250)
    }
  }

  it("import into n8n, and use only nodes that it has", async () => {
    const { api } = world()
    const known = new Set((await api.nodeTypes()).map(({ name }) => name))
    for (const file of readdirSync(folder)) {
      const workflow = readExample(file)
      for (const { type } of workflow.nodes) assert.isTrue(known.has(type), `${file}: ${type}`)
      await api.save(api.withCredentials(workflow))
    }
  })

  it("start no generation with an older endpoint or a mode", () => {
    for (const file of readdirSync(folder)) {
      const nodes = readExample(file).nodes.filter(({ type }) => type.includes("n8n-nodes-scenario"))
      for (const { name, parameters } of nodes) {
        const { resource, mode } = { resource: "", mode: "", ...parameters }
        assert.notInclude(["image", "text"], resource, `${file}: ${name}`)
        assert.strictEqual(mode, "", `${file}: ${name}`)
      }
    }
  })

  it(
    "generate an image for each row of a Data Table, and for no row again",
    { timeout: 60_000 },
    async () => {
      const { api } = world()
      const workflow = readExample("batch-from-a-data-table.json")
      const execution = await expectPaid(world(), 3, () => api.run(workflow))
      assert.strictEqual(execution.status, "success", JSON.stringify(execution.error))
      const items = getOutput(execution, "Succeeded")
      assert.deepStrictEqual(
        items.map(({ binary }) => binary?.["data"]?.fileName),
        [
          "a red house by the sea, gouache.png",
          "a fishing boat at dawn, gouache.png",
          "a market under striped awnings, gouache.png",
        ],
      )
      for (const item of items) await assertFiles(world(), item)
      for (const { json } of getOutput(execution, "Save asset ID"))
        assert.match(String(json["asset_id"]), /^asset_/)
      const again = await expectPaid(world(), 0, () => api.run(workflow))
      assert.strictEqual(again.status, "success", JSON.stringify(again.error))
    },
  )

  it("generate a video from an image by its asset ID", { timeout: 60_000 }, async () => {
    const { api, simulator } = world()
    const before = simulator.requests().length
    const execution = await expectPaid(world(), 2, () => api.run(readExample("image-then-video.json")))
    assert.strictEqual(execution.status, "success", JSON.stringify(execution.error))
    const [image] = getOutput(execution, "Generate image")
    const [video] = getOutput(execution, "Generate video")
    assert.isUndefined(image?.binary)
    assert.isDefined(video)
    assert.strictEqual(video.binary?.["data"]?.mimeType, "video/mp4")
    await assertFiles(world(), video)
    const [, assetId] =
      /"image":"(asset_\w+)"/.exec(JSON.stringify(simulator.ledger().entries.at(-1)?.body)) ?? []
    assert.include(JSON.stringify(image?.json["assets"]), `"assetId":"${assetId}"`)
    const uploads = simulator
      .requests()
      .slice(before)
      .filter(({ path }) => path.startsWith("/v1/uploads"))
    assert.deepStrictEqual(uploads, [])
  })

  /** Runs the App of the example, and answers its form as a person does. The execution, and the last page. */
  const decideInForm = async (id: string, decision: "Approve" | "Reject") => {
    const { api, running } = world()
    const workflow = { ...readExample("approve-an-app-step.json"), id }
    await api.activate(workflow)
    try {
      const visitor = await FormVisitor.submitFirst(`${running.url}/form/scenario-approval`, {
        "field-0": "a fair",
      })
      assert.match(await visitor.nextPage(), /<img src="[^"]+assets-transform[^"]+"/)
      await visitor.submit({ "field-1": JSON.stringify([decision]) })
      const lastPage = await visitor.nextPage()
      await visitor.submit()
      const execution = await api.waitForEnd(await waitForExecution(workflow))
      assert.strictEqual(execution.status, "success", JSON.stringify(execution.error))
      return { execution, lastPage }
    } finally {
      await api.deactivate(workflow)
    }
  }

  it("continue an App after its step is approved in a form", { timeout: 90_000 }, async () => {
    const { execution, lastPage } = await expectPaid(world(), 1, () =>
      decideInForm("form-approves---", "Approve"),
    )
    assert.include(lastPage, "Your poster is ready")
    const [poster] = getOutput(execution, "Wait for result")
    assert.strictEqual(poster?.binary?.["data"]?.fileName, "poster.png")
  })

  it("end an App after its step is rejected in a form", { timeout: 90_000 }, async () => {
    const { execution, lastPage } = await expectPaid(world(), 1, () =>
      decideInForm("form-rejects----", "Reject"),
    )
    assert.include(lastPage, "Rejected")
    assert.strictEqual(getOutput(execution, "Reject step")[0]?.json["status"], "canceled")
  })

  it("let an agent generate what a chat message asks for", { timeout: 60_000 }, async () => {
    await using model = await FakeLanguageModel.start({ prompt: "a fox in the snow" })
    const { api, simulator } = world()
    await api.addCredential("openAiApi", { apiKey: "none", url: model.url })
    const chat = { json: { chatInput: "Draw me a fox", sessionId: "1", action: "sendMessage" } }
    const imported = readExample("agent-that-generates-images.json")
    const workflow = {
      ...imported,
      id: "agent-and-model-",
      nodes: imported.nodes.map((node) =>
        node.name === "Language model" ? { ...node, credentials: { openAiApi: {} } } : node,
      ),
    }
    const execution = await expectPaid(world(), 1, async () =>
      api.waitForEnd(await api.start(workflow, "Chat", chat)),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution, "Agent")))
    assert.include(JSON.stringify(simulator.ledger().entries.at(-1)?.body), "a fox in the snow")
    assert.match(JSON.stringify(getOutput(execution, "Agent")[0]?.json), /Done: .*assets-transform/)
  })

  it("generate a 3D model of a finished image once, no matter who generated the image", async () => {
    const { api, simulator } = world()
    const imported = readExample("when-a-generation-finishes.json")
    const workflow = {
      ...imported,
      id: "generation-ends-",
      nodes: imported.nodes.map((node) =>
        node.type === triggerType
          ? { ...node, parameters: { ...node.parameters, pollTimes: everyTwoSeconds } }
          : node,
      ),
    }
    await expectPaid(world(), 1, async () => {
      await api.activate(workflow)
      await sleep(4_000)
      const assetIds = [simulator.addAsset({ width: 64 }), simulator.addAsset({ kind: "audio" })]
      const jobId = simulator.addJob({
        jobType: "custom",
        modelId: "model_openai-gpt-image-2",
        status: "success",
        ageMs: 100,
        durationMs: 50,
        assetIds,
      })
      const execution = await api.waitForEnd(await waitForExecution(workflow))
      assert.strictEqual(execution.status, "success", JSON.stringify(execution.error))
      assert.deepStrictEqual(
        getOutput(execution, "Generation finished").map(({ json }) => json["jobId"]),
        [jobId],
      )
      const items = getOutput(execution, "Generate 3D model")
      assert.strictEqual(items.length, 1)
      for (const item of items) await assertFiles(world(), item)
      // The 3D generation has ended by now, and several polls see it.
      await sleep(5_000)
      await api.deactivate(workflow)
      assert.strictEqual((await api.listExecutions(workflow.id)).length, 1)
    })
  }, 60_000)
}
