import { assert, describe, it } from "@effect/vitest"
import type { ExternalModel, Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { DurationHistory } from "../src/durations/DurationHistory.ts"
import { generate } from "../src/generate.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { GenerationRequest, ModelRequest } from "../src/submit/GenerationRequest.ts"
import type { SubmitOptions } from "../src/submit/SubmitOptions.ts"
import { LoraRouting } from "../src/submit/LoraRouting.ts"
import { sent, submitsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const prompt = "a red house by the sea"
const flux1 = "model_bfl-flux-1-dev"
const flux2 = "model_bfl-flux-2-dev"
const watercolour = "model_own-watercolour"
const portraits = "model_own-portraits"
const heroes = "model_own-heroes"

const promptInput = { name: "prompt", type: "string", required: { always: true } } as const

/** A public base of a family that the library doesn't know. */
const xBase: ExternalModel = {
  id: "model_x-base",
  type: "custom",
  custom: true,
  privacy: "public",
  inputs: [
    promptInput,
    { name: "loras", type: "model_array", modelTypes: ["x-lora"] },
    { name: "lorasScale", type: "number_array", min: 0, max: 2 },
  ],
}

const submit = (request: GenerationRequest, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

/** The body of the only paid request, without what the library chooses itself. */
const paidBody = (simulator: Simulator) => {
  const { entries } = simulator.ledger()
  assert.strictEqual(entries.length, 1)
  const endpoint = entries[0]?.endpoint ?? ""
  const { seed: _, ...echo } = Object(entries[0]?.body)
  // A job without an input of that name shows the model that was called.
  const { modelId, ...rest } = echo
  return { endpoint, body: endpoint.endsWith(`/${modelId}`) ? rest : echo }
}

/** Submits, and asserts what was paid for. */
const routes = (
  title: string,
  request: Omit<ModelRequest, "inputs"> & { readonly inputs?: ModelRequest["inputs"] },
  base: string,
  filled: object,
  models: ReadonlyArray<ExternalModel> = [],
) =>
  it.effect(title, () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (const model of models) simulator.addModel(model)
        const { job } = yield* submit({ inputs: { prompt }, ...request })
        assert.deepStrictEqual(paidBody(simulator), {
          endpoint: `/generate/custom/${base}`,
          body: { prompt, ...filled },
        })
        assert.strictEqual(job.modelId, base)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

/** Submits, and asserts the issue, and that nothing was submitted or priced. */
const refuses = (
  title: string,
  request: Omit<ModelRequest, "inputs"> & { readonly inputs?: ModelRequest["inputs"] },
  issue: { readonly path: string; readonly says: ReadonlyArray<string> },
  models: ReadonlyArray<ExternalModel> = [],
) =>
  it.effect(title, () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (const model of models) simulator.addModel(model)
        const error = yield* Effect.flip(submit({ inputs: { prompt }, ...request }))
        assert.strictEqual(error._tag, "InvalidInput", error.message)
        const { path, expected, got } = (error._tag === "InvalidInput" && error.issues[0]) || {}
        assert.strictEqual(path, issue.path)
        for (const text of issue.says) assert.include(`${expected}, got ${got}`, text)
        assert.deepStrictEqual(
          sent(simulator).filter((line) => line.includes("/generate/")),
          [],
        )
      }),
    ),
  )

describe("the base of a LoRA", () => {
  routes("is the first of compliantModelIds that exists", { model: portraits }, flux2, { loras: [portraits] })

  routes("is the documented one of its type, whatever its parent is", { model: watercolour }, flux1, {
    loras: [watercolour],
  })

  routes(
    "is the documented one of an edit LoRA's type",
    { model: "model_edit" },
    flux2,
    { loras: ["model_edit"] },
    [{ id: "model_edit", type: "flux.2-dev-edit-lora" }],
  )

  routes("is the one that its concepts name", { model: "model_x" }, "model_x-base", { loras: ["model_x"] }, [
    xBase,
    { id: "model_x", type: "x-lora", concepts: [{ modelId: "model_x-base", scale: 1 }] },
  ])

  routes("is that of a LoRA which its concepts name", { model: "model_y" }, flux1, { loras: ["model_y"] }, [
    { id: "model_y", type: "flux.1-lora", concepts: [{ modelId: watercolour, scale: 1 }] },
  ])

  routes(
    "is its parent if the parent takes its type",
    { model: "model_x" },
    "model_x-base",
    { loras: ["model_x"] },
    [xBase, { id: "model_x", type: "x-lora", parentModelId: "model_x-base" }],
  )

  routes(
    "is not a base that takes another type, though compliantModelIds names it first",
    { model: "model_x" },
    "model_x-base",
    { loras: ["model_x"] },
    [xBase, { id: "model_x", type: "x-lora", compliantModelIds: [flux1, "model_x-base"] }],
  )

  routes(
    "is the one that the request names as baseModel",
    { model: watercolour, baseModel: "model_flux-composer" },
    "model_flux-composer",
    { loras: [watercolour], lorasScale: [1] },
  )

  routes(
    "is found for a model that says of itself only that bases comply",
    { model: "model_untyped" },
    "model_open-base",
    { loras: ["model_untyped"] },
    [
      { ...xBase, id: "model_open-base", inputs: [promptInput, { name: "loras", type: "model_array" }] },
      { id: "model_untyped", type: "custom", compliantModelIds: ["model_open-base"] },
    ],
  )

  refuses(
    "is asked for if no field decides, and the bases that take the type are listed",
    { model: "model_x" },
    { path: "baseModel", says: ["model_x-base", "x-lora", "txt2img"] },
    [xBase, { id: "model_x", type: "x-lora", parentModelId: "model_sdxl-base" }],
  )

  refuses(
    "is asked for if no public model is known to take the type",
    { model: "model_z" },
    { path: "baseModel", says: ["no public one is known", "z-lora"] },
    [{ id: "model_z", type: "z-lora" }],
  )

  refuses(
    "can't be one of another family",
    { model: watercolour, baseModel: flux2 },
    { path: "baseModel", says: ["flux.1-lora", flux2] },
  )

  it.effect("is listed by name if the list of models leaves their inputs out", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.addModel({ ...xBase, id: "model_studio-x" })
        simulator.addModel({ id: "model_x", type: "studio-x-lora" })
        simulator.faults.rate("models-without-inputs", 1)
        const error = yield* Effect.flip(submit({ model: "model_x", inputs: { prompt } }))
        assert.include(error.message, "public ones: model_studio-x)")
      }),
    ),
  )

  it.effect("is looked up once, and not at all for a model with inputs of its own", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        yield* submit({ model: "model_flux-composer", inputs: { prompt } })
        assert.deepStrictEqual(sent(simulator), [
          "GET /models/model_flux-composer",
          "POST /generate/custom/model_flux-composer",
        ])
        yield* submit({ model: portraits, inputs: { prompt } })
        const before = simulator.requests().length
        yield* submit({ model: portraits, inputs: { prompt } })
        assert.deepStrictEqual(sent(simulator).slice(before), [`POST /generate/custom/${flux2}`])
      }),
    ),
  )
})

describe("a LoRA", () => {
  routes("runs with the strength of the request", { model: watercolour, strength: 0.8 }, flux1, {
    loras: [watercolour],
    lorasScale: [0.8],
  })

  routes(
    "runs beside others of its family, each with its strength or 1",
    { model: watercolour, loras: ["model_b", { model: "model_c", strength: 0.4 }] },
    flux1,
    { loras: [watercolour, "model_b", "model_c"], lorasScale: [1, 1, 0.4] },
    [{ id: "model_b" }, { id: "model_c" }],
  )

  routes("is added to a base model that the request names", { model: flux1, loras: [watercolour] }, flux1, {
    loras: [watercolour],
  })

  routes(
    "comes before the LoRAs that the inputs name, which keep their strengths",
    { model: watercolour, strength: 0.5, inputs: { prompt, loras: ["model_b"], lorasScale: [0.3] } },
    flux1,
    { loras: [watercolour, "model_b"], lorasScale: [0.5, 0.3] },
    [{ id: "model_b" }],
  )

  routes(
    "is not named twice if the inputs name it too",
    { model: watercolour, inputs: { prompt, modelId: watercolour, loras: watercolour, lorasScale: 0.3 } },
    flux1,
    { modelId: watercolour, loras: [watercolour], lorasScale: [0.3] },
  )

  routes(
    "goes into a single value where the base takes no list",
    { model: "model_x", strength: 0.7 },
    "model_x-base",
    { loras: "model_x", lorasScale: 0.7 },
    [
      {
        ...xBase,
        inputs: [
          promptInput,
          { name: "loras", type: "model", modelTypes: ["x-lora"] },
          { name: "lorasScale", type: "number", min: 0, max: 1 },
        ],
      },
      { id: "model_x", type: "x-lora", parentModelId: "model_x-base" },
    ],
  )

  routes(
    "goes into modelId where the base has no loras",
    { model: "model_x" },
    "model_x-base",
    { modelId: "model_x" },
    [
      { ...xBase, inputs: [promptInput, { name: "modelId", type: "model", modelTypes: ["x-lora"] }] },
      { id: "model_x", type: "x-lora", parentModelId: "model_x-base" },
    ],
  )

  refuses(
    "of another family is refused by name, before anything is paid",
    { model: watercolour, loras: [portraits] },
    {
      path: "loras[0]",
      says: ["My portraits (model_own-portraits), a flux.2-dev-lora", "flux.1-lora", flux1],
    },
  )

  refuses(
    "of another family is refused among the inputs too",
    { model: watercolour, inputs: { prompt, loras: [portraits] } },
    { path: "loras[0]", says: ["My portraits", flux1] },
  )

  refuses(
    "that isn't trained yet is refused",
    { model: "model_own-in-training" },
    {
      path: "model",
      says: ["a trained model", "My ships (model_own-in-training)", "new"],
    },
  )

  refuses(
    "can't run with a strength beyond the base's",
    { model: watercolour, strength: 3 },
    {
      path: "strength",
      says: ["from 0 to 2", "got 3"],
    },
  )

  refuses(
    "can't have two strengths",
    { model: watercolour, strength: 0.5, inputs: { prompt, loras: [watercolour], lorasScale: [0.3] } },
    { path: "strength", says: ["lorasScale is set", "0.5"] },
  )

  refuses(
    "can't have a strength where the base takes none",
    { model: "model_x", strength: 0.5 },
    { path: "strength", says: ["model_open-base takes no strengths"] },
    [
      { ...xBase, id: "model_open-base", inputs: [promptInput, { name: "loras", type: "model_array" }] },
      { id: "model_x", type: "x-lora", compliantModelIds: ["model_open-base"] },
    ],
  )

  refuses(
    "needs as many strengths as there are LoRAs among the inputs",
    { model: watercolour, inputs: { prompt, loras: ["model_b"], lorasScale: [0.3, 0.4] } },
    { path: "lorasScale", says: ["one strength for each of 1 LoRA"] },
    [{ id: "model_b" }],
  )

  refuses(
    "is checked against its base's inputs",
    { model: watercolour, inputs: { prompt, wdith: 512 } },
    {
      path: "wdith",
      says: ["did you mean width?"],
    },
  )

  it.effect("runs as soon as its training has ended", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.addModel({ id: "model_b", status: "training" })
        const error = yield* Effect.flip(submit({ model: "model_b", inputs: { prompt } }))
        assert.include(error.message, "training")
        simulator.addModel({ id: "model_b", status: "trained" })
        yield* submit({ model: "model_b", inputs: { prompt } })
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )
})

describe("a composition", () => {
  routes("fills modelId of its base", { model: heroes }, flux1, { modelId: heroes })

  refuses(
    "takes no strength",
    { model: heroes, strength: 0.5 },
    { path: "strength", says: ["its own strengths"] },
  )

  refuses(
    "takes no LoRAs beside it",
    { model: heroes, loras: [watercolour] },
    {
      path: "loras[0]",
      says: ["without other LoRAs"],
    },
  )

  refuses(
    "doesn't replace the LoRAs of the inputs",
    { model: heroes, inputs: { prompt, loras: [watercolour] } },
    {
      path: "loras[0]",
      says: ["without other LoRAs"],
    },
  )

  refuses(
    "can't be one of several LoRAs",
    { model: watercolour, loras: [heroes] },
    {
      path: "model",
      says: ["without other LoRAs"],
    },
  )
})

describe("options for LoRAs", () => {
  refuses(
    "mean nothing to a model with inputs of its own",
    { model: flux1, strength: 1 },
    {
      path: "strength",
      says: [`${flux1} is no LoRA`],
    },
  )

  refuses(
    "can't add LoRAs to a model that takes none",
    { model: "model_canvas-image-2", loras: [watercolour] },
    {
      path: "loras[0]",
      says: ["model_canvas-image-2", "takes no such models"],
    },
  )

  it.effect("mean nothing to an older endpoint, which runs a LoRA as before", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const request: GenerationRequest = { endpoint: "txt2img", inputs: { modelId: watercolour, prompt } }
        yield* submit(request)
        assert.strictEqual(paidBody(simulator).endpoint, "/generate/txt2img")
        const strong: GenerationRequest = Object.assign({ strength: 1 }, request)
        const error = yield* Effect.flip(submit(strong))
        assert.include(error.message, "strength: expected nothing here, because only models take LoRAs")
      }),
    ),
  )
})

describe("a routed request", () => {
  const request = { model: portraits, strength: 0.8, inputs: { prompt } }

  it.effect("is priced as it is submitted, and held to maxCost", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const price = yield* Generations.use((generations) => generations.estimate(request))
        const error = yield* Effect.flip(submit(request, { maxCost: price - 1 }))
        assert.strictEqual(error._tag, "CostTooHigh")
        const { cost } = yield* submit(request, { maxCost: price })
        assert.strictEqual(cost, price)
        assert.strictEqual(simulator.ledger().spent, price)
      }),
    ),
  )

  it.effect("is found after a lost response, and recognized by its requestKey", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        const first = yield* submit(request, { requestKey: "order 7" })
        const again = yield* submit(request, { requestKey: "order 7" })
        assert.strictEqual(again.job.jobId, first.job.jobId)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
        assert.strictEqual(submitsIn(simulator).length, 1)
      }),
    ),
  )

  it.effect("is stored as an intent that names the base, and reconciled from it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("lost-response")
        simulator.faults.rate("bad-gateway-html", 1, { path: /\/jobs$/ })
        const error = yield* Effect.flip(submit(request))
        simulator.faults.clear()
        if (error._tag !== "SubmitUncertain") return assert.fail(error.message)
        assert.strictEqual(error.intent.path, `/generate/custom/${flux2}`)
        const { loras, lorasScale } = error.intent.inputs
        assert.deepStrictEqual({ loras, lorasScale }, { loras: [portraits], lorasScale: [0.8] })
        const found = yield* Generations.use((generations) => generations.reconcile(error.intent))
        assert.isDefined(found.submission)
      }),
    ),
  )

  it.effect("teaches how long jobs of the base take", () =>
    simulate({ pictures: "plain" }, () =>
      Effect.gen(function* () {
        const history = yield* DurationHistory
        const { assets } = yield* generate(request)
        assert.strictEqual(assets.length, 1)
        assert.deepStrictEqual(
          history.export().models.map(({ key }) => key),
          [flux2],
        )
      }),
    ),
  )
})

describe("what a model takes", () => {
  const describeModel = (modelId: string, baseModel?: string) =>
    LoraRouting.use((routing) => routing.describe(modelId, { baseModel }))

  it.effect("are its base's inputs without those that are filled in, if it is a LoRA", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const { model, base, inputs, loras, strength } = yield* describeModel(portraits)
        assert.strictEqual(model.modelId, portraits)
        assert.strictEqual(base?.modelId, flux2)
        assert.deepStrictEqual(
          inputs?.map(({ name }) => name),
          ["prompt", "numOutputs", "width", "height", "seed"],
        )
        assert.deepStrictEqual(loras?.modelTypes, ["flux.2-dev-lora", "flux.2-dev-edit-lora"])
        assert.strictEqual(strength?.max, 2)
        const other = yield* describeModel(watercolour, "model_flux-composer")
        assert.strictEqual(other.base?.modelId, "model_flux-composer")
      }),
    ),
  )

  it.effect("takes no strength if it is a composition", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const { base, loras, strength } = yield* describeModel(heroes)
        assert.strictEqual(base?.modelId, flux1)
        assert.deepStrictEqual([loras, strength], [undefined, undefined])
      }),
    ),
  )

  it.effect("are its own inputs, if it runs by itself", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const { model, base, inputs, loras } = yield* describeModel("model_canvas-image-2")
        assert.isUndefined(base)
        assert.strictEqual(inputs, model.inputs)
        assert.isUndefined(loras)
      }),
    ),
  )
})
