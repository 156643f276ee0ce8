import { assert, it } from "vitest"
import { getError, getOutput, expectPaid, listCdnFolders, signIn, type World } from "../realN8n.ts"
import { byId, type InputItem, inputs, scenarioNode, makeWorkflow } from "../Workflow.ts"

/** An image of one pixel. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

export const account = (world: () => World): void => {
  let runs = 0
  /** Runs one operation for one item, and returns its output. */
  const run = async (parameters: object, jobs = 0, item: InputItem = { json: {} }) => {
    const execution = await expectPaid(world(), jobs, () =>
      world().api.run(makeWorkflow(`account-${runs++}`, [item], scenarioNode(parameters))),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
    return getOutput(execution).map(({ json }) => json)
  }

  it("gets and lists jobs, and cancels a job of a type that can be canceled", async () => {
    const { simulator } = world()
    simulator.addJob({ ageMs: 90_000 })
    const jobId = simulator.addJob({ status: "success", ageMs: 60_000 })
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

  it("uploads an asset, then finds, tags, collects, downloads, and deletes it", async () => {
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

  it("converts an asset and returns a link to the file in the new format", async () => {
    const { simulator } = world()
    const assetId = simulator.addAsset({ kind: "image" })
    const before = simulator.requests().length
    const [link] = await run({ resource: "asset", operation: "convert", assetId, format: "jpeg" })
    assert.strictEqual(link?.["assetId"], assetId)
    assert.strictEqual(link?.["format"], "jpeg")
    const sent = simulator.requests().slice(before)
    assert.deepStrictEqual(
      sent.map(({ method, path, body }) => [method, path, body]),
      [["POST", `/v1/assets/${assetId}/download`, { targetFormat: "jpeg" }]],
    )
    const file = await fetch(String(link?.["url"]))
    assert.strictEqual(file.headers.get("content-type"), "image/jpeg")
  })

  it("reports a format that the kind of the asset doesn't have", async () => {
    const { api, simulator } = world()
    const assetId = simulator.addAsset({ kind: "image" })
    const node = scenarioNode({ resource: "asset", operation: "convert", assetId, format: "glb" })
    const execution = await expectPaid(world(), 0, () =>
      api.run(makeWorkflow("convert", [{ json: {} }], node)),
    )
    assert.match(JSON.stringify(getError(execution)), /Invalid target format/)
  })

  it("downloads the original of an asset if File Version asks for it", async () => {
    const { simulator } = world()
    const assetId = simulator.addAsset({ kind: "image" })
    const download = { resource: "asset", operation: "download", assetId }
    const before = simulator.requests().length
    await run(download)
    await run({ ...download, options: { rendition: "original" } })
    assert.deepStrictEqual(listCdnFolders(simulator.requests().slice(before)), ["assets-transform", "assets"])
  })

  it("returns previews that need no key and don't expire, of one asset and of a list", async () => {
    const { simulator } = world()
    const assetId = simulator.addAsset({ kind: "image", prompt: "a lighthouse" })
    const [asset] = await run({ resource: "asset", operation: "get", assetId })
    const [listed] = await run({ resource: "asset", operation: "getMany", returnAll: false, limit: 1 })
    for (const json of [asset, listed]) {
      const { pathname, search } = new URL(String(json?.["thumbnailUrl"]))
      assert.strictEqual(pathname + search, `/thumbnails/${String(json?.["assetId"])}`)
    }
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

  it("uploads from a URL without reading it, as the selected kind", async () => {
    const { simulator } = world()
    const original = simulator.addAsset({ width: 48, height: 32, prompt: "a lighthouse" })
    const [made] = await run({ resource: "asset", operation: "get", assetId: original })
    const [uploaded] = await run(
      {
        resource: "asset",
        operation: "upload",
        file: "={{ $json.url }}",
        options: { kind: "image", collectionIds: "" },
      },
      0,
      { json: { url: made?.["url"] } },
    )
    const sent = simulator.requests().findLast(({ path }) => path === "/v1/uploads")
    assert.deepStrictEqual(sent?.body, { url: String(made?.["url"]), kind: "image" })
    const [copy] = await run({ resource: "asset", operation: "get", assetId: uploaded?.["assetId"] })
    assert.notStrictEqual(copy?.["assetId"], original)
    assert.deepStrictEqual([copy?.["width"], copy?.["height"]], [48, 32])
  })

  it("works in the project that the credential names", async () => {
    const { simulator } = world()
    await signIn(world(), { projectId: simulator.projectId })
    await run({ resource: "job", operation: "getMany", returnAll: false, limit: 1 })
    assert.strictEqual(simulator.requests().at(-1)?.query["projectId"], simulator.projectId)
    await signIn(world())
    await run({ resource: "job", operation: "getMany", returnAll: false, limit: 1 })
    assert.isUndefined(simulator.requests().at(-1)?.query["projectId"])
  })

  it("gets the account's usage", async () => {
    const [report] = await run({ resource: "usage", operation: "get" })
    assert.isObject(report)
  })
}
