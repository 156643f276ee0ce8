import { assert, describe, it } from "@effect/vitest"
import { readInputDescriptor } from "./InputDescriptor.ts"
import { readModel, readModelResponse } from "./Model.ts"

const wireModel = {
  id: "model_1",
  name: "Cinematic",
  shortDescription: "Films",
  type: "flux.1-lora",
  status: "trained",
  privacy: "public",
  custom: false,
  accessRestrictions: 50,
  capabilities: ["txt2img", 7],
  tags: ["sc:featured"],
  thumbnail: { assetId: "asset_1", url: "https://cdn.test/t.png" },
  trainingProgress: { stage: "running-train", progress: 0.4 },
  inputs: [{ name: "prompt", type: "string", required: { always: true } }],
}

describe("readModel", () => {
  it("reads the fields of the API", () => {
    const model = readModelResponse({ model: wireModel })
    assert.strictEqual(model?.modelId, "model_1")
    assert.strictEqual(model?.description, "Films")
    assert.strictEqual(model?.isCustom, false)
    assert.strictEqual(model?.minimumPlan, "Pro")
    assert.strictEqual(model?.trainingProgress, 0.4)
    assert.deepStrictEqual(model?.capabilities, ["txt2img"])
    assert.strictEqual(model?.inputs?.[0]?.required?.always, true)
  })

  it("distinguishes a model without inputs from one whose inputs were left out", () => {
    assert.deepStrictEqual(readModel({ id: "model_1", inputs: [] })?.inputs, [])
    assert.isUndefined(readModel({ id: "model_1" })?.inputs)
    assert.isUndefined(readModel({ id: "model_1" })?.isCustom)
  })

  it("leaves out fields of other types", () => {
    const model = readModel({
      id: "model_1",
      tags: "all",
      custom: "yes",
      inputs: [null, { name: "" }, { name: "a" }],
    })
    assert.deepStrictEqual(model?.tags, [])
    assert.isUndefined(model?.isCustom)
    assert.deepStrictEqual(
      model?.inputs?.map(({ name, type }) => ({ name, type })),
      [{ name: "a", type: "unknown" }],
    )
  })

  it("returns undefined for other values", () => {
    for (const body of [undefined, null, "model_1", [], {}, { id: "" }]) assert.isUndefined(readModel(body))
    assert.isUndefined(readModelResponse({}))
  })
})

describe("readInputDescriptor", () => {
  const readRequired = (required: unknown) =>
    readInputDescriptor({ name: "x", type: "string", required })?.required

  it("reads conditions as objects keyed by the other input", () => {
    assert.deepStrictEqual(
      readRequired({
        ifDefined: { mask: { message: "needs a mask" } },
        ifNotDefined: { image: "needs an image" },
        conditionalValues: {
          mode: ["edit"],
          size: { values: [1, 2] },
          kind: { value: "a" },
          on: true,
          off: null,
        },
      }),
      {
        always: false,
        ifDefined: ["mask"],
        ifNotDefined: ["image"],
        conditionalValues: [
          { input: "mode", values: ["edit"] },
          { input: "size", values: [1, 2] },
          { input: "kind", values: ["a"] },
          { input: "on", values: [true] },
          { input: "off", values: [] },
        ],
      },
    )
  })

  it("reads conditions that are names, and a plain true", () => {
    assert.deepStrictEqual(readRequired({ ifDefined: ["a", 1], ifNotDefined: "b" })?.ifDefined, ["a"])
    assert.deepStrictEqual(readRequired({ ifNotDefined: "b" })?.ifNotDefined, ["b"])
    assert.strictEqual(readRequired(true)?.always, true)
    assert.isUndefined(readRequired("sometimes"))
  })

  it("reads nested inputs", () => {
    const descriptor = readInputDescriptor({
      name: "shots",
      type: "inputs_array",
      inputs: [{ name: "frame", type: "file", kind: "image", maxSize: 1e6 }],
    })
    assert.strictEqual(descriptor?.inputs?.[0]?.kind, "image")
    assert.strictEqual(descriptor?.inputs?.[0]?.maxSize, 1e6)
  })
})
