import { assert, it } from "vitest"
import type { OutputItem } from "../N8nApi.ts"
import { getError, getOutput, expectPaid, listCdnFolders, type World } from "../realN8n.ts"
import { byId, inputs, scenarioNode, makeWorkflow } from "../Workflow.ts"

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
  it("generates named files for every row, in the rows' order", async () => {
    const { api } = world()
    const node = scenarioNode(draw({ numOutputs: 2 }, { fileName: "{prompt}-{index}" }))
    const execution = await expectPaid(world(), 3, () => api.run(makeWorkflow("rows", rows, node)))
    const items = getOutput(execution)
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

  it("returns one item per file if Output asks for it", async () => {
    const { api } = world()
    const node = scenarioNode(draw({ numOutputs: 3 }, { output: "file" }))
    const execution = await expectPaid(world(), 1, () =>
      api.run(makeWorkflow("assets", rows.slice(0, 1), node)),
    )
    const items = getOutput(execution)
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
  ])("stores the file that %s generates", async (modelId, mimeType, given) => {
    const { api } = world()
    const node = scenarioNode({ ...draw(), modelId: byId(modelId), inputs: inputs(given) })
    const execution = await expectPaid(world(), 1, () =>
      api.run(makeWorkflow(modelId.slice(6), [{ json: {} }], node)),
    )
    const [item] = getOutput(execution)
    assert.isDefined(item, JSON.stringify(execution.runs))
    assert.strictEqual(item.binary?.["data"]?.mimeType, mimeType)
    await assertFiles(world(), item)
  })

  it("puts the 3D model into data if the job lists a thumbnail before it", async () => {
    const { api, simulator } = world()
    simulator.faults.next("thumbnail-first")
    const node = scenarioNode({
      ...draw(),
      modelId: byId("model_sculptor-3d"),
      inputs: inputs({ prompt: "a chair" }),
    })
    const execution = await expectPaid(world(), 1, () =>
      api.run(makeWorkflow("thumbnail", [{ json: {} }], node)),
    )
    const [item] = getOutput(execution)
    assert.isDefined(item, JSON.stringify(getError(execution)))
    assert.strictEqual(item.binary?.["data"]?.mimeType, "model/gltf-binary")
    assert.strictEqual(item.json["assetId"], Object(item.json["assets"])[1].assetId)
    await assertFiles(world(), item)
  })

  it.each(["generate", "wait"])(
    "downloads the originals if File Version asks %s for them",
    async (operation) => {
      const { api, simulator } = world()
      const options = { rendition: "original" }
      const nodes =
        operation === "generate"
          ? [scenarioNode(draw({ numOutputs: 2 }, options))]
          : [
              scenarioNode(
                { ...draw({ numOutputs: 2 }), operation: "start" },
                { id: "start", name: "Begin" },
              ),
              scenarioNode({ resource: "generation", operation, jobId: "={{ $json.jobId }}", options }),
            ]
      const before = simulator.requests().length
      const execution = await expectPaid(world(), 1, () =>
        api.run(makeWorkflow(`originals-${operation}`, rows.slice(0, 1), ...nodes)),
      )
      const [item] = getOutput(execution)
      assert.hasAllKeys(item?.binary, ["data", "data_2"], JSON.stringify(getError(execution)))
      assert.deepStrictEqual(listCdnFolders(simulator.requests().slice(before)), ["assets", "assets"])
    },
  )

  it("returns the text of a model that generates no file", async () => {
    const { api } = world()
    const node = scenarioNode({
      ...draw(),
      modelId: byId("model_oracle-llm"),
      inputs: inputs({ prompt: "why?" }),
    })
    const execution = await expectPaid(world(), 1, () =>
      api.run(makeWorkflow("oracle", [{ json: {} }], node)),
    )
    const [item] = getOutput(execution)
    assert.isUndefined(item?.binary)
    assert.hasAnyKeys(item?.json, ["text", "output", "answer", "message", "prompts"])
  })

  it("runs an older model in the selected mode", async () => {
    const { api, simulator } = world()
    const node = scenarioNode({ ...draw({ width: 512 }), modelId: byId("model_flux-1-dev"), mode: "txt2img" })
    await expectPaid(world(), 1, () => api.run(makeWorkflow("mode", rows.slice(0, 1), node)))
    assert.deepStrictEqual(simulator.ledger().entries.at(-1)?.body, {
      modelId: "model_flux-1-dev",
      prompt: "a red house",
      width: 512,
    })
  })

  it("runs a trained LoRA on its base model, with its strength", async () => {
    const { api, simulator } = world()
    const node = scenarioNode({ ...draw({}, { strength: 0.8 }), modelId: byId("model_own-watercolor") })
    await expectPaid(world(), 1, () => api.run(makeWorkflow("lora", rows.slice(0, 1), node)))
    const entry = simulator.ledger().entries.at(-1)
    assert.strictEqual(entry?.endpoint, "/generate/custom/model_bfl-flux-1-dev")
    assert.deepInclude(entry?.body, {
      prompt: "a red house",
      loras: ["model_own-watercolor"],
      lorasScale: [0.8],
    })
  })

  it("takes the previous node's file by its binary field and by its asset ID", async () => {
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
    const workflow = makeWorkflow("chain", rows.slice(0, 1), scenarioNode(draw()), again, cut)
    const execution = await expectPaid(world(), 3, () => api.run(workflow))
    const [item] = getOutput(execution, "Cut")
    assert.isDefined(item, JSON.stringify(execution.runs))
    await assertFiles(world(), item)
    const body = simulator.ledger().entries.at(-2)?.body
    assert.match(JSON.stringify(body), /"referenceImages":\["asset_\w+","asset_\w+"\]/)
  })

  it("takes a file by its URL, for a model and for an image operation", async () => {
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
    const execution = await expectPaid(world(), 2, () =>
      api.run(makeWorkflow("links", [{ json: { link } }], edit, cut)),
    )
    assert.strictEqual(execution.status, "success", JSON.stringify(getError(execution)))
    for (const item of getOutput(execution, "Cut")) await assertFiles(world(), item)
    const requests = simulator.requests().slice(before)
    // Scenario fetches the URL; n8n doesn't download the file.
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

  it("takes more inputs as JSON, and sends only inputs that are set", async () => {
    const { api, simulator } = world()
    const node = scenarioNode(
      draw({ quality: "", numOutputs: null }, { inputsJson: '{"background": "opaque", "width": 768}' }),
    )
    await expectPaid(world(), 1, () => api.run(makeWorkflow("json", rows.slice(0, 1), node)))
    assert.deepStrictEqual(simulator.ledger().entries.at(-1)?.body, {
      modelId: "model_canvas-image-2",
      prompt: "a red house",
      background: "opaque",
      width: 768,
    })
  })

  it("starts without waiting, waits by the job's ID, and estimates without paying", async () => {
    const { api } = world()
    const start = scenarioNode({ ...draw(), operation: "start" })
    const wait = scenarioNode(
      { resource: "generation", operation: "wait", jobId: "={{ $json.jobId }}" },
      { id: "wait", name: "Wait" },
    )
    const started = await expectPaid(world(), 3, () => api.run(makeWorkflow("later", rows, start, wait)))
    assert.hasAllKeys(getOutput(started)[0]?.json, ["jobId", "submittedAt", "modelId", "cost", "status"])
    for (const item of getOutput(started, "Wait")) await assertFiles(world(), item)
    const price = scenarioNode({ ...draw({ numOutputs: 4 }), operation: "estimate" })
    const estimated = await expectPaid(world(), 0, () =>
      api.run(makeWorkflow("price", rows.slice(0, 1), price)),
    )
    assert.deepStrictEqual(getOutput(estimated)[0]?.json, { cost: 21, unit: "compute units" })
  })

  it("returns generated prompts as text", async () => {
    const { api } = world()
    const write = scenarioNode({
      resource: "text",
      operation: "prompt",
      inputs: inputs({ prompt: "a house", numResults: 2 }),
    })
    const written = await expectPaid(world(), 1, () => api.run(makeWorkflow("words", [{ json: {} }], write)))
    const prompts = getOutput(written)[0]?.json["prompts"]
    assert.isTrue(Array.isArray(prompts) && prompts.length === 2, JSON.stringify(written.runs))
  })

  it.each([404, 410])("says which models replace an older endpoint that is gone (%i)", async (status) => {
    const { api, simulator } = world()
    const image = simulator.addAsset({ kind: "image" })
    simulator.faults.next("gone-endpoint", { path: "/generate/", status })
    const node = scenarioNode({ resource: "image", operation: "upscale", inputs: inputs({ image }) })
    const execution = await expectPaid(world(), 0, () =>
      api.run(makeWorkflow(`gone-${status}`, [{ json: {} }], node)),
    )
    assert.match(JSON.stringify(getError(execution)), /Run a model that upscales images instead\./)
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
    await expectPaid(world(), operations.length, () =>
      Promise.all(
        operations.map(async ([resource, operation, given], index) => {
          const node = scenarioNode({ resource, operation, inputs: inputs({ ...given }), options: {} })
          const execution = await api.run(makeWorkflow(`family-${index}`, [{ json: {} }], node))
          const [item] = getOutput(execution)
          assert.isDefined(item, `${operation}: ${JSON.stringify(getError(execution)?.description)}`)
          // Segment returns numbers; every other image operation returns a file.
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
