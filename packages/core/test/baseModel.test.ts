import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { LoraRouting } from "../src/submit/LoraRouting.ts"
import { submit } from "./support/generations.ts"
import {
  flux1,
  flux2,
  heroes,
  portraits,
  prompt,
  promptInput,
  testIssue,
  testRoute,
  watercolor,
  xBase,
} from "./support/loras.ts"
import { listRequests } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

describe("the base model of a LoRA", () => {
  testRoute("is the first existing model in compliantModelIds", { model: portraits }, flux2, {
    loras: [portraits],
  })

  testRoute("is the documented one for its type, with any parent", { model: watercolor }, flux1, {
    loras: [watercolor],
  })

  testRoute(
    "is the documented one for the type of an edit LoRA",
    { model: "model_edit" },
    flux2,
    { loras: ["model_edit"] },
    [{ id: "model_edit", type: "flux.2-dev-edit-lora" }],
  )

  testRoute("is the one in its concepts", { model: "model_x" }, "model_x-base", { loras: ["model_x"] }, [
    xBase,
    { id: "model_x", type: "x-lora", concepts: [{ modelId: "model_x-base", scale: 1 }] },
  ])

  testRoute(
    "is the base model of a LoRA in its concepts",
    { model: "model_y" },
    flux1,
    { loras: ["model_y"] },
    [{ id: "model_y", type: "flux.1-lora", concepts: [{ modelId: watercolor, scale: 1 }] }],
  )

  testRoute(
    "is its parent, if the parent accepts its type",
    { model: "model_x" },
    "model_x-base",
    { loras: ["model_x"] },
    [xBase, { id: "model_x", type: "x-lora", parentModelId: "model_x-base" }],
  )

  testRoute(
    "is not a model for another type, even if compliantModelIds names it first",
    { model: "model_x" },
    "model_x-base",
    { loras: ["model_x"] },
    [xBase, { id: "model_x", type: "x-lora", compliantModelIds: [flux1, "model_x-base"] }],
  )

  testRoute(
    "is the baseModel of the request",
    { model: watercolor, baseModel: "model_flux-composer" },
    "model_flux-composer",
    { loras: [watercolor], lorasScale: [1] },
  )

  testRoute(
    "is found for a model that only has compliantModelIds",
    { model: "model_untyped" },
    "model_open-base",
    { loras: ["model_untyped"] },
    [
      { ...xBase, id: "model_open-base", inputs: [promptInput, { name: "loras", type: "model_array" }] },
      { id: "model_untyped", type: "custom", compliantModelIds: ["model_open-base"] },
    ],
  )

  testIssue(
    "must be given if no field decides, and the error lists the models that accept the type",
    { model: "model_x" },
    { path: "baseModel", words: ["model_x-base", "x-lora", "txt2img"] },
    [xBase, { id: "model_x", type: "x-lora", parentModelId: "model_sdxl-base" }],
  )

  testIssue(
    "must be given if no public model is known to accept the type",
    { model: "model_z" },
    { path: "baseModel", words: ["no public one is known", "z-lora"] },
    [{ id: "model_z", type: "z-lora" }],
  )

  testIssue(
    "can't be a model of another family",
    { model: watercolor, baseModel: flux2 },
    { path: "baseModel", words: ["flux.1-lora", flux2] },
  )

  simulatedTest("is suggested by name if the list of models lacks inputs", function* (simulator) {
    simulator.addModel({ ...xBase, id: "model_studio-x" })
    simulator.addModel({ id: "model_x", type: "studio-x-lora" })
    simulator.faults.rate("models-without-inputs", 1)
    const error = yield* Effect.flip(submit({ model: "model_x", inputs: { prompt } }))
    assert.include(error.message, "such as the public model_studio-x.")
  })

  simulatedTest("is looked up once, and never for a model with its own inputs", function* (simulator) {
    yield* submit({ model: "model_flux-composer", inputs: { prompt } })
    assert.deepStrictEqual(listRequests(simulator), [
      "GET /models/model_flux-composer",
      "POST /generate/custom/model_flux-composer",
    ])
    yield* submit({ model: portraits, inputs: { prompt } })
    const before = simulator.requests().length
    yield* submit({ model: portraits, inputs: { prompt } })
    assert.deepStrictEqual(listRequests(simulator).slice(before), [`POST /generate/custom/${flux2}`])
  })
})

describe("the inputs of a model", () => {
  const describeModel = (modelId: string, baseModel?: string) =>
    LoraRouting.use((routing) => routing.describe(modelId, { baseModel }))

  simulatedTest("are those of the base model, without the LoRA fields, if it is a LoRA", function* () {
    const { model, base, inputs, loras, strength } = yield* describeModel(portraits)
    assert.strictEqual(model.modelId, portraits)
    assert.strictEqual(base?.modelId, flux2)
    assert.deepStrictEqual(
      inputs?.map(({ name }) => name),
      ["prompt", "numOutputs", "width", "height", "seed"],
    )
    assert.deepStrictEqual(loras?.modelTypes, ["flux.2-dev-lora", "flux.2-dev-edit-lora"])
    assert.strictEqual(strength?.max, 2)
    const other = yield* describeModel(watercolor, "model_flux-composer")
    assert.strictEqual(other.base?.modelId, "model_flux-composer")
  })

  simulatedTest("contain no LoRAs and no strength, if it is a composition", function* () {
    const { base, loras, strength } = yield* describeModel(heroes)
    assert.strictEqual(base?.modelId, flux1)
    assert.deepStrictEqual([loras, strength], [undefined, undefined])
  })

  simulatedTest("are its own, if it needs no base model", function* () {
    const { model, base, inputs, loras } = yield* describeModel("model_canvas-image-2")
    assert.isUndefined(base)
    assert.strictEqual(inputs, model.inputs)
    assert.isUndefined(loras)
  })
})
