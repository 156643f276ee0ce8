import { setTimeout as sleep } from "node:timers/promises"
import { assert, it } from "vitest"
import { errorOf, outputOf, paying, type World } from "../realN8n.ts"
import { byId, type InputItem, inputs, scenarioNode, workflowOf } from "../Workflow.ts"

/** A picture of one pixel. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

export const account = (world: () => World): void => {
  let runs = 0
  /** One operation for one item; gives what came out. */
  const run = async (parameters: object, jobs = 0, item: InputItem = { json: {} }) => {
    const execution = await paying(world(), jobs, () =>
      world().api.run(workflowOf(`account-${runs++}`, [item], scenarioNode(parameters))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
    return outputOf(execution).map(({ json }) => json)
  }

  it("looks at jobs, lists them, and cancels what can be canceled", async () => {
    const { simulator } = world()
    const jobId = simulator.addJob({ status: "success" })
    const [job] = await run({ resource: "job", operation: "get", jobId })
    assert.strictEqual(job?.["status"], "success")
    const many = await run({ resource: "job", operation: "getMany", returnAll: false, limit: 2 })
    assert.strictEqual(many.length, 2)
    simulator.planNextJob({ durationMs: 100_000 })
    const start = {
      resource: "generation",
      operation: "start",
      modelId: byId("model_flux-1-dev"),
      mode: "txt2img",
      inputs: inputs({ prompt: "a house" }),
    }
    const [started] = await run(start, 1)
    const [canceled] = await run({ resource: "job", operation: "cancel", jobId: started?.["jobId"] })
    assert.strictEqual(canceled?.["outcome"], "canceled")
  })

  it("uploads a file, finds it, tags it, collects it, downloads it, deletes it", async () => {
    const picture = {
      json: {},
      binary: { data: { data: pixel, mimeType: "image/png", fileName: "pixel.png" } },
    }
    const [uploaded] = await run({ resource: "asset", operation: "upload", file: "data" }, 0, picture)
    const assetId = uploaded?.["assetId"]
    const [asset] = await run({ resource: "asset", operation: "get", assetId })
    assert.strictEqual(asset?.["assetId"], assetId)
    await run({ resource: "asset", operation: "tag", assetId, addTags: "approved, hero", removeTags: "" })
    const [tagged] = await run({ resource: "asset", operation: "get", assetId })
    assert.includeMembers(Object.values(tagged?.["tags"] ?? {}), ["approved", "hero"])
    const [collection] = await run({ resource: "collection", operation: "create", name: "Approved" })
    const collectionId = byId(String(collection?.["collectionId"]))
    await run({ resource: "collection", operation: "addAssets", collectionId, assetIds: assetId })
    const listed = await run({
      resource: "asset",
      operation: "getMany",
      returnAll: true,
      filters: { collectionId: collection?.["collectionId"] },
    })
    assert.deepStrictEqual(
      listed.map((entry) => entry["assetId"]),
      [assetId],
    )
    const collections = await run({ resource: "collection", operation: "getMany", returnAll: true })
    assert.include(
      collections.map(({ name }) => name),
      "Approved",
    )
    const [downloaded] = await run({ resource: "asset", operation: "download", assetId })
    assert.match(String(downloaded?.["fileName"]), /\.png$/)
    assert.deepStrictEqual(await run({ resource: "asset", operation: "delete", assetId }), [
      { assetId, deleted: true },
    ])
  })

  it("searches assets and models, and lists models with their inputs", async () => {
    await run({ resource: "asset", operation: "search", query: "house", returnAll: false, limit: 5 })
    const found = await run({
      resource: "model",
      operation: "search",
      query: "storyboard",
      returnAll: false,
      limit: 5,
    })
    assert.include(
      found.map(({ modelId }) => modelId),
      "model_storyboard-set",
    )
    const [model] = await run({ resource: "model", operation: "get", modelId: byId("model_reel-video") })
    assert.isTrue(Array.isArray(model?.["inputs"]))
    const own = await run({
      resource: "model",
      operation: "getMany",
      returnAll: true,
      filters: { privacy: "own" },
    })
    assert.isTrue(own.every(({ privacy }) => privacy === "private"))
  })

  it("runs a workflow, and approves the step that waits", async () => {
    const { api, simulator } = world()
    const [sprite] = await run(
      {
        resource: "workflow",
        operation: "run",
        workflowId: byId("wflow_sprite-sheet"),
        inputs: inputs({ prompt: "a knight" }),
      },
      1,
    )
    assert.isTrue(Array.isArray(sprite?.["assets"]))
    const listed = await run({ resource: "workflow", operation: "getMany", returnAll: true })
    assert.include(
      listed.map(({ name }) => name),
      "Sprite",
    )

    const paid = simulator.ledger().paidJobs
    const poster = scenarioNode({
      resource: "workflow",
      operation: "run",
      workflowId: byId("wflow_approved-poster"),
      inputs: inputs({ prompt: "a fair" }),
    })
    await paying(world(), 1, async () => {
      const executionId = await api.begin(workflowOf("approval", [{ json: {} }], poster))
      while (simulator.ledger().paidJobs === paid) await sleep(50)
      const jobId = simulator.ledger().entries.at(-1)?.jobId
      const state = () => JSON.stringify(simulator.jobs().find((job) => job["jobId"] === jobId))
      while (!/"type":"user-approval","modelId":"[^"]*","status":"processing"/.test(state())) {
        await sleep(100)
      }
      await run({ resource: "workflow", operation: "approve", jobId, nodeId: "" })
      const execution = await api.ended(executionId)
      assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
      assert.isNotEmpty(outputOf(execution)[0]?.binary)
    })
  })

  it("tells the usage", async () => {
    const [report] = await run({ resource: "usage", operation: "get" })
    assert.isObject(report)
  })
}
