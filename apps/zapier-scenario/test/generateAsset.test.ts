import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { at, catchFailure, generate, getKeys, performGenerate, startWorld, getAssetUrl } from "./zapier.ts"

describe("Generate Asset", () => {
  it("returns the files of a job that ends in time, with all keys of the sample", async () => {
    await using world = await startWorld()
    const { results, status } = await world.call(performGenerate, generate({ in_numOutputs: 2 }))
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({ finished: true, status: "success", progress: 100, error: null })
    expect(getKeys(results)).toEqual(Object.keys(generationSample))
    expect(getKeys(at(results, "assets", 0))).toEqual(Object.keys(generationSample.assets[0] ?? {}))
    expect(at(results, "assets", "length")).toBe(2)
    expect(at(results, "file")).toContain("hydrate|||")
    expect(Date.parse(String(at(results, "createdAt")))).not.toBeNaN()
    expect(world.simulator.ledger().paidJobs).toBe(1)
    expect(world.simulator.violations()).toEqual([])
  })

  it("returns the mesh as First File if a 3D model returns a thumbnail before it", async () => {
    await using world = await startWorld({ speed: 10 })
    world.simulator.faults.next("thumbnail-first")
    const made = await world.call(performGenerate, {
      inputData: { model: "model_sculptor-3d", in_prompt: "a red house" },
    })
    const found = await world.call("searches.find_generation.operation.perform", {
      inputData: { generation: at(made.results, "id") },
    })
    const rows = (await world.call("triggers.generation_finished.operation.perform")).results
    for (const output of [made.results, at(found.results, 0), at(rows, 0)]) {
      const mesh = String(at(output, "assets", 1, "id"))
      expect(output).toMatchObject({
        assetId: mesh,
        file: expect.stringContaining(mesh),
        thumbnailUrl: `https://cdn.cloud.scenario.com/thumbnails/${mesh}`,
      })
      expect(at(output, "assets", "length")).toBe(2)
    }
    expect(made.results).toMatchObject({ assets: [{ kind: "image" }, { kind: "3d" }] })
  })

  it("is finished, with a message, if the job has no result", async () => {
    await using world = await startWorld()
    world.simulator.planNextJob({ assetCount: 0, error: "All results were filtered" })
    const { results, status } = await world.call(performGenerate, generate({}))
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({ finished: true, assets: [], file: null })
    expect(at(results, "message")).toContain("has no file")
    expect(at(results, "message")).toContain("All results were filtered")
  })

  it("sends a prompt with curly braces unchanged", async () => {
    await using world = await startWorld()
    const in_prompt = "a {{name}} and {{bundle.authData.apiSecret}} and {{process.env.X}}"
    await world.call(performGenerate, generate({ in_prompt }))
    expect(world.simulator.ledger().entries).toMatchObject([{ body: { prompt: in_prompt } }])
  })

  it("sends only inputs that are filled in and that the model has", async () => {
    await using world = await startWorld()
    const leftovers = {
      in_strength: 0.5,
      in_quality: "",
      in_background: null,
      in_referenceImages: [],
      mode: "img2img",
    }
    await world.call(performGenerate, generate({ ...leftovers, in_numOutputs: "1" }))
    expect(world.simulator.ledger().entries.map(({ body }) => body)).toEqual([
      { modelId: "model_canvas-image-2", prompt: "a red house", numOutputs: 1 },
    ])
  })

  it("accepts inputs as JSON, text or object, and prefers the fields", async () => {
    await using world = await startWorld()
    const additionalInputs = '{"prompt": "a blue house", "quality": "low"}'
    await world.call(performGenerate, generate({ additionalInputs }))
    await world.call(performGenerate, {
      inputData: {
        model: "model_storyboard-set",
        additionalInputs: { shots: [{ prompt: "one" }, { prompt: "two" }] },
      },
    })
    expect(world.simulator.ledger().entries.map(({ body }) => body)).toMatchObject([
      { prompt: "a red house", quality: "low" },
      { shots: [{ prompt: "one" }, { prompt: "two" }] },
    ])
  })

  it("runs an older model in the mode of the field or the JSON", async () => {
    await using world = await startWorld()
    const inputData = { model: "model_flux-1-dev", in_prompt: "a red house" }
    await world.call(performGenerate, { inputData: { ...inputData, mode: "txt2img" } })
    await world.call(performGenerate, {
      inputData: { ...inputData, additionalInputs: { mode: "txt2img", numSamples: 1 } },
    })
    expect(world.simulator.ledger().entries.map(({ endpoint }) => endpoint)).toEqual([
      "/generate/txt2img",
      "/generate/txt2img",
    ])
    const failure = await catchFailure(world.call(performGenerate, { inputData }))
    expect(failure.message).toMatch(
      /Mode: This older model needs one. Choose one of \\"Text to Image\\", \\"Image to Image/,
    )
    expect(world.simulator.ledger().paidJobs).toBe(2)
  })

  it("imports a file by its URL, and uses an asset by its ID", async () => {
    await using world = await startWorld()
    const assetId = world.simulator.addAsset({ kind: "image" })
    const url = getAssetUrl(world)
    const in_referenceImages = [assetId, url, ""]
    await world.call(performGenerate, generate({ in_referenceImages }))
    const [entry] = world.simulator.ledger().entries
    expect(at(entry?.body, "referenceImages", "length")).toBe(2)
    expect(at(entry?.body, "referenceImages", 0)).toBe(assetId)
    expect(at(entry?.body, "referenceImages", 1)).toMatch(/^asset_/)
  })

  it("reads a list of models from text, JSON, or a list", async () => {
    await using world = await startWorld()
    const loras = ["model_own-watercolor", "model_own-in-training"]
    const ways = [loras, [loras.join(", ")], loras.join(","), JSON.stringify(loras), ` ${loras.join("\n")} `]
    for (const in_loras of ways) {
      const inputData = { model: "model_flux-composer", in_prompt: "a cat", in_loras, in_lorasScale: [1, 1] }
      await world.call("creates.start_generation.operation.perform", { inputData })
    }
    const sent = world.simulator.ledger().entries.map(({ body }) => at(body, "loras"))
    expect(sent).toEqual(ways.map(() => loras))
  })

  it("reads a list of links from text, even if the links contain commas", async () => {
    await using world = await startWorld()
    const asset = world.simulator.addAsset({ kind: "image" })
    const url = getAssetUrl(world)
    const in_referenceImages = `${asset},${url}&size=1,2,${url}`
    await world.call("creates.start_generation.operation.perform", generate({ in_referenceImages }))
    expect(at(world.simulator.ledger().entries[0]?.body, "referenceImages", "length")).toBe(3)
  })

  it("returns text, no matter whether it is an asset or part of the job", async () => {
    await using world = await startWorld()
    const asset = await world.call(performGenerate, generate({ model: "model_scribe-llm" }))
    expect(asset.results).toMatchObject({ finished: true, text: expect.stringMatching(/./) })
    const inJob = await world.call(performGenerate, generate({ model: "model_oracle-llm" }))
    expect(inJob.results).toMatchObject({
      finished: true,
      text: expect.stringMatching(/./),
      file: null,
      assets: [],
    })
    expect(getKeys(inJob.results)).toEqual(Object.keys(generationSample))
  })

  it("halts if the price is above Maximum Cost, and refuses a limit that isn't a number", async () => {
    await using world = await startWorld()
    const expensive = await catchFailure(world.call(performGenerate, generate({ maxCost: 1 })))
    expect(expensive.name).toBe("HaltedError")
    expect(expensive.message).toContain("Nothing was generated")
    expect((await catchFailure(world.call(performGenerate, generate({ maxCost: "0" })))).name).toBe(
      "HaltedError",
    )
    expect((await catchFailure(world.call(performGenerate, generate({ maxCost: "few" })))).message).toContain(
      "Maximum Cost",
    )
    expect(world.simulator.ledger().paidJobs).toBe(0)
    await world.call(performGenerate, generate({ maxCost: "100" }))
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})
