import { describe, expect, it } from "vitest"
import { at, catchFailure, startWorld, type World } from "./zapier.ts"

const start = "creates.start_generation.operation.perform"
const lora = { model: "model_own-portraits", in_prompt: "a knight" }

const listFields = async (world: World, inputData: Record<string, unknown>) => {
  const { results } = await world.call("creates.generate_asset.operation.inputFields", { inputData })
  return new Map((Array.isArray(results) ? results : []).map((field) => [at(field, "key"), field]))
}
const readEntries = (world: World) =>
  world.simulator.ledger().entries.map(({ endpoint, body }) => ({ endpoint, body }))

describe("a LoRA", () => {
  it("shows the inputs of its base model, its strength, more LoRAs, and the base model", async () => {
    await using world = await startWorld()
    const fields = await listFields(world, { model: lora.model })
    expect([...fields.keys()]).toEqual([
      "model",
      "in_prompt",
      "in_numOutputs",
      "in_width",
      "in_height",
      "in_seed",
      "strength",
      "loras",
      "loraStrengths",
      "baseModel",
      "additionalInputs",
      "maxCost",
    ])
    expect(fields.get("strength")).toMatchObject({
      label: "LoRA Strength",
      type: "string",
      helpText: expect.stringMatching(/A number from 0 to 2\./),
    })
    expect(fields.get("loras")).toMatchObject({ list: true, dynamic: "input_model_list.id.name" })
    expect(fields.get("baseModel")).toMatchObject({ altersDynamicFields: true })
  })

  it("runs on its base model with its strength and more LoRAs, from fields and from the JSON", async () => {
    await using world = await startWorld()
    await world.call(start, { inputData: { ...lora, strength: "0.5" } })
    await world.call(start, {
      inputData: { model: lora.model, additionalInputs: { prompt: "a knight", strength: 0.5 } },
    })
    await world.call(start, {
      inputData: {
        model: "model_own-watercolor",
        in_prompt: "a knight",
        baseModel: "model_flux-composer",
      },
    })
    const onFlux2 = {
      endpoint: "/generate/custom/model_bfl-flux-2-dev",
      body: { prompt: "a knight", loras: ["model_own-portraits"], lorasScale: [0.5] },
    }
    expect(readEntries(world)).toMatchObject([
      onFlux2,
      onFlux2,
      {
        endpoint: "/generate/custom/model_flux-composer",
        body: { prompt: "a knight", loras: ["model_own-watercolor"] },
      },
    ])
  })

  it("is refused, unpaid, with LoRAs of another family or strengths that don't fit", async () => {
    await using world = await startWorld()
    const refuse = async (inputData: Record<string, unknown>) => {
      const { message } = await catchFailure(world.call(start, { inputData: { ...lora, ...inputData } }))
      return message
    }
    expect(await refuse({ loras: ["model_own-watercolor"] })).toMatch(
      /More LoRAs: .* can't run My watercolors.*flux\.2-dev-lora/,
    )
    expect(await refuse({ strength: "strong" })).toMatch(/LoRA Strength: Enter a number, such as 0\.8/)
    expect(await refuse({ strength: 9 })).toMatch(/LoRA Strength: /)
    expect(await refuse({ loraStrengths: ["1"] })).toMatch(
      /Strengths of More LoRAs: Enter one number for each/,
    )
    expect(await refuse({ baseModel: "model_canvas-image-2" })).toMatch(/Base Model: /)
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  it("lists LoRAs of its family in the dropdown of More LoRAs", async () => {
    await using world = await startWorld()
    const { results } = await world.call("triggers.input_model_list.operation.perform", {
      inputData: { model: "model_own-watercolor" },
      meta: { page: 0 },
    })
    const ids = (Array.isArray(results) ? results : []).map((row) => at(row, "id"))
    expect(ids).toContain("model_own-watercolor")
    expect(ids).not.toContain("model_own-portraits")
  })

  it("shows only Base Model, with the reason, if the chosen base doesn't run it", async () => {
    await using world = await startWorld()
    const fields = await listFields(world, { model: lora.model, baseModel: "model_canvas-image-2" })
    expect([...fields.keys()]).toEqual(["model", "baseModel", "additionalInputs", "maxCost"])
    expect(String(at(fields.get("baseModel"), "helpText"))).toMatch(
      /^Required\. .*can't run .*Choose another base model/,
    )
  })
})

describe("a composition", () => {
  it("runs on its base model, without fields for strengths", async () => {
    await using world = await startWorld()
    const fields = await listFields(world, { model: "model_own-heroes" })
    expect(fields.has("in_prompt")).toBe(true)
    expect(fields.has("strength")).toBe(false)
    expect(fields.has("loras")).toBe(false)
    await world.call(start, { inputData: { model: "model_own-heroes", in_prompt: "a knight" } })
    expect(readEntries(world)).toMatchObject([{ body: { modelId: "model_own-heroes" } }])
  })
})
