import { assert, it } from "vitest"
import type { OutputItem } from "../N8nApi.ts"
import { errorOf, outputOf, paying, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, workflowOf } from "../Workflow.ts"

const rows = ["a red house", "a blue boat", "a green hat"].map((prompt) => ({ json: { prompt } }))

const draw = (value: Readonly<Record<string, unknown>> = {}, options: object = {}) => ({
  resource: "generation",
  operation: "generate",
  modelId: byId("model_canvas-image-2"),
  mode: "",
  inputs: inputs({ prompt: "={{ $json.prompt }}", ...value }),
  options,
})

/** Every stored file is byte for byte what the CDN has. */
export const assertFiles = async ({ api }: World, { json, binary }: OutputItem) => {
  const assets = Array.isArray(json["assets"]) ? json["assets"] : [json]
  for (const asset of assets) {
    const file = binary?.[asset.binaryField ?? "data"]
    assert.isDefined(file)
    const stored = await api.bytes(file)
    const made = await fetch(asset.url)
    assert.isTrue(stored.equals(Buffer.from(await made.arrayBuffer())), `the file of ${asset.assetId}`)
    assert.strictEqual(file.mimeType, asset.mimeType)
    assert.match(file.fileName ?? "", /\.\w{2,4}$/)
  }
}

export const generating = (world: () => World): void => {
  it("makes finished, named files of every row, in the rows' order", async () => {
    const { api } = world()
    const node = scenarioNode(draw({ numOutputs: 2 }, { fileName: "{prompt}-{index}" }))
    const execution = await paying(world(), 3, () => api.run(workflowOf("rows", rows, node)))
    const items = outputOf(execution)
    assert.deepStrictEqual(
      items.map(({ pairedItem }) => pairedItem),
      [{ item: 0 }, { item: 1 }, { item: 2 }],
    )
    assert.deepStrictEqual(
      items.map(({ binary }) => Object.values(binary ?? {}).map(({ fileName }) => fileName)),
      ["a red house", "a blue boat", "a green hat"].map((prompt) => [`${prompt}-1.png`, `${prompt}-2.png`]),
    )
    for (const item of items) await assertFiles(world(), item)
    assert.match(execution.runs["Scenario"]?.[0]?.hints?.[0]?.message ?? "", /has spent 31.5 compute units/)
  })

  it("makes an item of each asset, where that is wanted", async () => {
    const { api } = world()
    const node = scenarioNode(draw({ numOutputs: 3 }, { itemFor: "asset" }))
    const execution = await paying(world(), 1, () => api.run(workflowOf("assets", rows.slice(0, 1), node)))
    const items = outputOf(execution)
    assert.deepStrictEqual(
      items.map(({ json, pairedItem }) => [json["index"], pairedItem]),
      [1, 2, 3].map((index) => [index, { item: 0 }]),
    )
    for (const item of items) await assertFiles(world(), item)
  })

  it.each([
    ["model_reel-video", "video/mp4", { prompt: "waves" }],
    ["model_voice-one", "audio/wav", { text: "good morning" }],
    ["model_sculptor-3d", "model/gltf-binary", { prompt: "a chair" }],
    ["model_patina-maps", "image/png", { prompt: "oak" }],
  ])("stores what %s makes", async (modelId, mimeType, given) => {
    const { api } = world()
    const node = scenarioNode({ ...draw(), modelId: byId(modelId), inputs: inputs(given) })
    const execution = await paying(world(), 1, () =>
      api.run(workflowOf(modelId.slice(6), [{ json: {} }], node)),
    )
    const [item] = outputOf(execution)
    assert.isDefined(item, JSON.stringify(execution.runs))
    assert.strictEqual(item.binary?.["data"]?.mimeType, mimeType)
    await assertFiles(world(), item)
  })

  it("gives the text of a model that makes no file", async () => {
    const { api } = world()
    const node = scenarioNode({
      ...draw(),
      modelId: byId("model_oracle-llm"),
      inputs: inputs({ prompt: "why?" }),
    })
    const execution = await paying(world(), 1, () => api.run(workflowOf("oracle", [{ json: {} }], node)))
    const [item] = outputOf(execution)
    assert.isUndefined(item?.binary)
    assert.hasAnyKeys(item?.json, ["text", "output", "answer", "message", "prompts"])
  })

  it("runs a model in the mode that it needs", async () => {
    const { api, simulator } = world()
    const node = scenarioNode({ ...draw({ width: 512 }), modelId: byId("model_flux-1-dev"), mode: "txt2img" })
    await paying(world(), 1, () => api.run(workflowOf("mode", rows.slice(0, 1), node)))
    assert.deepStrictEqual(simulator.ledger().entries.at(-1)?.body, {
      modelId: "model_flux-1-dev",
      prompt: "a red house",
      width: 512,
    })
  })

  it("passes a file on from one node to the next, by its binary field, its id and its link", async () => {
    const { api, simulator } = world()
    const again = scenarioNode(
      {
        ...draw(),
        inputs: inputs({
          prompt: "the same at night",
          referenceImages: "=data, {{ $json.assets[0].assetId }}",
        }),
      },
      { id: "again", name: "Again" },
    )
    const cut = scenarioNode(
      { resource: "image", operation: "remove-background", inputs: inputs({ image: "data" }) },
      { id: "cut", name: "Cut" },
    )
    const workflow = workflowOf("chain", rows.slice(0, 1), scenarioNode(draw()), again, cut)
    const execution = await paying(world(), 3, () => api.run(workflow))
    const [item] = outputOf(execution, "Cut")
    assert.isDefined(item, JSON.stringify(execution.runs))
    await assertFiles(world(), item)
    const body = simulator.ledger().entries.at(-2)?.body
    assert.match(JSON.stringify(body), /"referenceImages":\["asset_\w+","asset_\w+"\]/)
  })

  it("takes a file by its link, for a model and for what transforms an image", async () => {
    const { api, simulator } = world()
    simulator.addAsset({ id: "asset_at-a-link", prompt: "a lighthouse" })
    const link = JSON.parse(JSON.stringify(simulator.assets().at(-1))).url
    const before = simulator.requests().length
    const edit = scenarioNode({
      ...draw(),
      inputs: inputs({ prompt: "the same at night", referenceImages: "={{ $json.link }}" }),
    })
    const cut = scenarioNode(
      { resource: "image", operation: "remove-background", inputs: inputs({ image: link }) },
      { id: "cut", name: "Cut" },
    )
    const execution = await paying(world(), 2, () =>
      api.run(workflowOf("links", [{ json: { link } }], edit, cut)),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(errorOf(execution)))
    for (const item of outputOf(execution, "Cut")) await assertFiles(world(), item)
    const requests = simulator.requests().slice(before)
    // Scenario fetches it: the file does not pass through n8n.
    const imports = requests.filter(({ method, path }) => method === "POST" && path === "/v1/uploads")
    assert.deepStrictEqual(
      imports.map(({ body }) => body),
      [
        { url: link, kind: "image" },
        { url: link, kind: "image" },
      ],
    )
    const [edited, cutOut] = simulator.ledger().entries.slice(-2)
    assert.match(JSON.stringify(edited?.body), /"referenceImages":\["asset_\w+"\]/)
    assert.match(JSON.stringify(cutOut?.body), /"image":"asset_\w+"/)
  })

  it("takes more inputs as JSON, and sends nothing that nobody has set", async () => {
    const { api, simulator } = world()
    const node = scenarioNode(
      draw({ quality: "", numOutputs: null }, { inputsJson: '{"background": "opaque", "width": 768}' }),
    )
    await paying(world(), 1, () => api.run(workflowOf("json", rows.slice(0, 1), node)))
    assert.deepStrictEqual(simulator.ledger().entries.at(-1)?.body, {
      modelId: "model_canvas-image-2",
      prompt: "a red house",
      background: "opaque",
      width: 768,
    })
  })

  it("starts without waiting, waits by the job's id, and estimates without paying", async () => {
    const { api } = world()
    const start = scenarioNode({ ...draw(), operation: "start" })
    const wait = scenarioNode(
      { resource: "generation", operation: "wait", jobId: "={{ $json.jobId }}" },
      { id: "wait", name: "Wait" },
    )
    const started = await paying(world(), 3, () => api.run(workflowOf("later", rows, start, wait)))
    assert.hasAllKeys(outputOf(started)[0]?.json, ["jobId", "submittedAt", "modelId", "cost", "status"])
    for (const item of outputOf(started, "Wait")) await assertFiles(world(), item)
    const price = scenarioNode({ ...draw({ numOutputs: 4 }), operation: "estimate" })
    const estimated = await paying(world(), 0, () => api.run(workflowOf("price", rows.slice(0, 1), price)))
    assert.deepStrictEqual(outputOf(estimated)[0]?.json, { cost: 21, unit: "compute units" })
  })

  it("writes prompts and captions as text", async () => {
    const { api } = world()
    const write = scenarioNode({
      resource: "text",
      operation: "prompt",
      inputs: inputs({ prompt: "a house", numResults: 2 }),
    })
    const written = await paying(world(), 1, () => api.run(workflowOf("words", [{ json: {} }], write)))
    const prompts = outputOf(written)[0]?.json["prompts"]
    assert.isTrue(Array.isArray(prompts) && prompts.length === 2, JSON.stringify(written.runs))
  })

  it("runs every operation of Image and Text", { timeout: 180_000 }, async () => {
    const { api, simulator } = world()
    const image = simulator.addAsset({ kind: "image" })
    const operations: ReadonlyArray<readonly [resource: string, operation: string, given: object]> = [
      ["image", "upscale", { image, scalingFactor: 2 }],
      ["image", "remove-background", { image }],
      ["image", "vectorize", { image, preset: "poster" }],
      ["image", "pixelate", { image, pixelGridSize: 32, removeNoise: true }],
      ["image", "reframe", { image, targetWidth: 1024, targetHeight: 512 }],
      ["image", "restyle", { image, styleImages: image }],
      ["image", "detect", { image, modality: "depth" }],
      ["image", "segment", { image }],
      ["image", "generative-fill", { image, prompt: "a tree" }],
      ["image", "prompt-editing", { image, prompt: "at night" }],
      ["image", "patch", { image }],
      ["image", "texture", { texture: image }],
      ["image", "skybox-base-360", { prompt: "dunes" }],
      ["image", "skybox-upscale-360", { image }],
      ["text", "prompt", { prompt: "a house" }],
      ["text", "translate", { prompt: "ein Haus" }],
      ["text", "caption", { images: image }],
      ["text", "describe-style", { images: image }],
      ["text", "embed", { text: "a house" }],
    ]
    await paying(world(), operations.length, () =>
      Promise.all(
        operations.map(async ([resource, operation, given], index) => {
          const node = scenarioNode({ resource, operation, inputs: inputs({ ...given }), options: {} })
          const execution = await api.run(workflowOf(`family-${index}`, [{ json: {} }], node))
          const [item] = outputOf(execution)
          assert.isDefined(item, `${operation}: ${JSON.stringify(errorOf(execution)?.description)}`)
          // Segments come as numbers; every other picture as a file.
          assert.strictEqual(
            item.binary !== undefined,
            resource === "image" && operation !== "segment",
            operation,
          )
          if (item.binary !== undefined) await assertFiles(world(), item)
        }),
      ),
    )
  })
}
