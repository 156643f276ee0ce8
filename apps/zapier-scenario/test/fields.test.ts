import { describe, expect, it } from "vitest"
import { at, catchFailure, startWorld, type World } from "./zapier.ts"

const listFields = async (world: World, create: string, inputData: Record<string, unknown>) => {
  const { results } = await world.call(`creates.${create}.operation.inputFields`, { inputData })
  const fields = Array.isArray(results) ? results : []
  return new Map(fields.map((field) => [at(field, "key"), field]))
}

describe("the fields of Generate Asset", () => {
  it("have the types, choices, and help of the model's inputs", async () => {
    await using world = await startWorld()
    const none = await listFields(world, "generate_asset", {})
    expect([...none.keys()]).toEqual(["model", "additionalInputs", "maxCost"])
    const fields = await listFields(world, "generate_asset", { model: "model_flux-composer" })
    expect(fields.get("in_prompt")).toMatchObject({
      type: "text",
      list: false,
      helpText: expect.stringMatching(/^Required, here or in Additional Inputs/),
    })
    expect(fields.get("in_image")).toMatchObject({
      type: "string",
      helpText: expect.stringMatching(/asset ID.*URL.*Required when .*Strength is set/i),
    })
    expect(fields.get("in_strength")).toMatchObject({
      type: "string",
      helpText: expect.stringMatching(/A number from 0\.01 to 1/),
    })
    expect(fields.get("in_loras")).toMatchObject({
      type: "string",
      list: true,
      dynamic: "input_model_list.id.name",
      helpText: expect.stringMatching(/flux\.1-lora/),
    })
    expect(fields.get("in_numOutputs")).toMatchObject({ type: "string", required: false })
    expect(fields.get("in_enhancePrompt")).toMatchObject({ type: "boolean" })
    expect([...fields.values()].filter((field) => at(field, "default") !== undefined)).toEqual([])
    expect(fields.has("mode")).toBe(false)

    const canvas = await listFields(world, "generate_asset", { model: "model_canvas-image-2" })
    expect(canvas.get("in_quality")).toMatchObject({
      choices: { low: "low", medium: "medium", high: "high" },
      helpText: expect.stringMatching(/Default: medium\. Changes the cost\./),
    })
    const storyboard = await listFields(world, "generate_asset", { model: "model_storyboard-set" })
    expect(storyboard.get("in_shots")).toMatchObject({
      type: "json",
      helpText: expect.stringMatching(/^Required/),
    })
  })

  it("list required inputs first, and the others in a group of the action", async () => {
    await using world = await startWorld()
    const definition = (await world.run({ command: "definition" })).results
    const groups = at(definition, "creates", "generate_asset", "operation", "inputFieldGroups")
    expect(groups).toEqual([{ key: "optional", label: "Optional Settings" }])
    const fields = await listFields(world, "generate_asset", { model: "model_flux-composer" })
    const grouped = [...fields.values()].map((field) => at(field, "group") === "optional")
    expect(grouped.indexOf(true)).toBeGreaterThan(2)
    expect(grouped.lastIndexOf(false)).toBeLessThan(grouped.indexOf(true))
    expect([...fields.keys()].slice(0, 2)).toEqual(["model", "in_prompt"])
  })

  it("offer a mode only if the model needs one, then the fields of the mode", async () => {
    await using world = await startWorld()
    const model = "model_flux-1-dev"
    const before = await listFields(world, "generate_asset", { model })
    expect([...before.keys()]).toEqual(["model", "mode", "additionalInputs", "maxCost"])
    expect(Object.keys(Object(at(before.get("mode"), "choices")))).toEqual(
      expect.arrayContaining(["txt2img", "img2img", "inpaint", "controlnet", "txt2img-ip-adapter"]),
    )
    const after = await listFields(world, "generate_asset", { model, mode: "inpaint" })
    expect(after.get("in_mask")).toMatchObject({ required: expect.any(Boolean) })
    expect(after.has("in_maskId")).toBe(false)
    expect(after.get("in_baseModelId")).toMatchObject({
      label: "Base Model",
      dynamic: "input_model_list.id.name",
    })
    expect(after.has("in_modelId")).toBe(false)
    const leftover = await listFields(world, "generate_asset", {
      model: "model_canvas-image-2",
      mode: "inpaint",
    })
    expect(leftover.has("in_mask")).toBe(true)
    expect(leftover.has("in_strength")).toBe(false)
  })

  it("fail with a message if the model doesn't exist", async () => {
    await using world = await startWorld()
    const failure = await catchFailure(listFields(world, "generate_asset", { model: "model_none" }))
    expect(failure.message).toMatch(/doesn't have this model/)
  })
})

describe("the fields of the other actions", () => {
  it("change with the App and the transformation", async () => {
    await using world = await startWorld()
    expect(
      (await listFields(world, "run_app", { app: "wflow_sprite-sheet" })).get("in_prompt"),
    ).toMatchObject({
      helpText: expect.stringMatching(/^Required/),
    })
    const upscale = await listFields(world, "transform_image", { transformation: "upscale" })
    expect(upscale.has("in_image")).toBe(false)
    expect(upscale.get("in_scalingFactor")).toMatchObject({ type: "string" })
    expect([...(await listFields(world, "transform_image", {})).keys()]).toEqual([
      "transformation",
      "file",
      "asset",
      "additionalInputs",
      "maxCost",
    ])
  })
})

const listChoices = async (world: World, method: string) => {
  const choices: Array<unknown> = []
  let paging_token: unknown
  for (let pages = 0; pages < 20; pages++) {
    const { results } = await world.call(method, { meta: paging_token === undefined ? {} : { paging_token } })
    const page = at(results, "results")
    choices.push(...(Array.isArray(page) ? page : []))
    paging_token = at(results, "paging_token")
    if (paging_token === null) return choices.map((choice) => String(at(choice, "id")))
  }
  throw new Error("The dropdown does not end")
}

const listedModels = async (world: World, trigger: string, inputData = {}) => {
  const models: Array<unknown> = []
  for (let page = 0; page < 20; page++) {
    const method = `triggers.${trigger}.operation.perform`
    const { results } = await world.call(method, { inputData, meta: { page } })
    if (at(results, "length") === 0) return models.map((model) => String(at(model, "id")))
    models.push(...(Array.isArray(results) ? results : []))
  }
  throw new Error("The dropdown does not end")
}

describe("a dropdown", () => {
  it("lists the account's models, then the public ones, without those that aren't ready", async () => {
    await using world = await startWorld()
    const ids = await listedModels(world, "model_list")
    expect(ids[0]).toBe("model_own-watercolor")
    expect(ids).toContain("model_canvas-image-2")
    expect(ids).not.toContain("model_own-in-training")
    expect(new Set(ids).size).toBe(ids.length)
  })

  it("opens with public models if the account has no models", async () => {
    await using world = await startWorld({ ownModels: false })
    const { results } = await world.call("triggers.model_list.operation.perform")
    expect(at(results, "length")).toBeGreaterThan(5)
    expect(at(results, 0)).toEqual({ id: expect.any(String), name: expect.any(String) })
  })

  it("of an input lists models of the types that the inputs take", async () => {
    await using world = await startWorld()
    const loras = await listedModels(world, "input_model_list", { model: "model_flux-composer" })
    expect(loras).toContain("model_own-watercolor")
    expect(loras).not.toContain("model_canvas-image-2")
    expect(loras).not.toContain("model_own-in-training")
    const chosen = { model: "model_flux-composer", in_prompt: "a cat", in_loras: loras }
    await world.call("creates.start_generation.operation.perform", {
      inputData: { ...chosen, in_lorasScale: loras.map(() => 0.8) },
    })
    expect(world.simulator.ledger().entries).toMatchObject([{ body: { loras } }])
  })

  it("lists only Apps that are ready", async () => {
    await using world = await startWorld()
    const ids = await listChoices(world, "creates.run_app.operation.inputFields.0.choices.perform")
    expect(ids).toContain("wflow_sprite-sheet")
    expect(ids).toContain("wflow_public-portrait")
    expect(ids).not.toContain("wflow_draft")
  })

  it("lists all generations and assets, page by page", async () => {
    await using world = await startWorld()
    for (let index = 0; index < 120; index++) {
      world.simulator.addJob({ ageMs: index * 10, input: { prompt: "a cat" } })
      world.simulator.addAsset({ ageMs: index * 10, name: "a cat" })
    }
    const generations = await listChoices(
      world,
      "searches.find_generation.operation.inputFields.0.choices.perform",
    )
    expect(new Set(generations).size).toBe(120)
    const assets = await listChoices(world, "searches.find_asset.operation.inputFields.0.choices.perform")
    expect(new Set(assets).size).toBe(120)
    expect(await listChoices(world, "triggers.new_asset.operation.inputFields.0.choices.perform")).toEqual([])
  })
})
