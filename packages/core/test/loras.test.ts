import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { DurationHistory } from "../src/durations/DurationHistory.ts"
import { generate } from "../src/generate.ts"
import type { GenerationRequest } from "../src/submit/GenerationRequest.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { estimate, reconcile, submit } from "./support/generations.ts"
import {
  flux1,
  flux2,
  getPaidRequest,
  heroes,
  portraits,
  prompt,
  promptInput,
  testIssue,
  testRoute,
  watercolor,
  xBase,
} from "./support/loras.ts"
import { getSubmits } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

describe("a LoRA", () => {
  testRoute("runs with the strength of the request", { model: watercolor, strength: 0.8 }, flux1, {
    loras: [watercolor],
    lorasScale: [0.8],
  })

  testRoute(
    "runs with others of its family, each with its strength or 1",
    { model: watercolor, loras: ["model_b", { model: "model_c", strength: 0.4 }] },
    flux1,
    { loras: [watercolor, "model_b", "model_c"], lorasScale: [1, 1, 0.4] },
    [{ id: "model_b" }, { id: "model_c" }],
  )

  testRoute("is added to a base model that the request runs", { model: flux1, loras: [watercolor] }, flux1, {
    loras: [watercolor],
  })

  testRoute(
    "comes before the LoRAs in the inputs, which keep their strengths",
    { model: watercolor, strength: 0.5, inputs: { prompt, loras: ["model_b"], lorasScale: [0.3] } },
    flux1,
    { loras: [watercolor, "model_b"], lorasScale: [0.5, 0.3] },
    [{ id: "model_b" }],
  )

  testRoute(
    "is not added twice if the inputs name it too",
    { model: watercolor, inputs: { prompt, modelId: watercolor, loras: watercolor, lorasScale: 0.3 } },
    flux1,
    { modelId: watercolor, loras: [watercolor], lorasScale: [0.3] },
  )

  testRoute(
    "is sent as a single value if the base model accepts no list",
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

  testRoute(
    "is sent as modelId if the base model has no loras",
    { model: "model_x" },
    "model_x-base",
    { modelId: "model_x" },
    [
      { ...xBase, inputs: [promptInput, { name: "modelId", type: "model", modelTypes: ["x-lora"] }] },
      { id: "model_x", type: "x-lora", parentModelId: "model_x-base" },
    ],
  )

  testIssue(
    "of another family is rejected by its name",
    { model: watercolor, loras: [portraits] },
    {
      path: "loras[0]",
      words: ["My portraits (model_own-portraits, flux.2-dev-lora)", "flux.1-lora", flux1],
    },
  )

  testIssue(
    "of another family is rejected in the inputs too",
    { model: watercolor, inputs: { prompt, loras: [portraits] } },
    { path: "loras[0]", words: ["My portraits", flux1] },
  )

  testIssue(
    "that isn't trained yet is rejected",
    { model: "model_own-in-training" },
    {
      path: "model",
      words: ["Choose a trained model", "My ships (model_own-in-training, ", "is new"],
    },
  )

  testIssue(
    "can't run with a strength above the base model's maximum",
    { model: watercolor, strength: 3 },
    {
      path: "strength",
      words: ["from 0 to 2", "got 3"],
    },
  )

  testIssue(
    "can't have two strengths",
    { model: watercolor, strength: 0.5, inputs: { prompt, loras: [watercolor], lorasScale: [0.3] } },
    { path: "strength", words: ["`lorasScale` is set, too"] },
  )

  testIssue(
    "can't have a strength if the base model accepts none",
    { model: "model_x", strength: 0.5 },
    { path: "strength", words: ["model_open-base doesn't accept strengths"] },
    [
      { ...xBase, id: "model_open-base", inputs: [promptInput, { name: "loras", type: "model_array" }] },
      { id: "model_x", type: "x-lora", compliantModelIds: ["model_open-base"] },
    ],
  )

  testIssue(
    "in the inputs needs one strength for each LoRA",
    { model: watercolor, inputs: { prompt, loras: ["model_b"], lorasScale: [0.3, 0.4] } },
    { path: "lorasScale", words: ["one strength for each of 1 LoRA"] },
    [{ id: "model_b" }],
  )

  testIssue(
    "is checked against its base model's inputs",
    { model: watercolor, inputs: { prompt, wdith: 512 } },
    {
      path: "wdith",
      words: ["Did you mean `width`?"],
    },
  )

  simulatedTest("can run as soon as its training has ended", function* (simulator) {
    simulator.addModel({ id: "model_b", status: "training" })
    const error = yield* Effect.flip(submit({ model: "model_b", inputs: { prompt } }))
    assert.include(error.message, "training")
    simulator.addModel({ id: "model_b", status: "trained" })
    yield* submit({ model: "model_b", inputs: { prompt } })
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })
})

describe("a composition", () => {
  testRoute("is sent as modelId of its base model", { model: heroes }, flux1, { modelId: heroes })

  testIssue(
    "accepts no strength",
    { model: heroes, strength: 0.5 },
    { path: "strength", words: ["can't be combined with other LoRAs, a strength"] },
  )

  testIssue(
    "accepts no other LoRAs",
    { model: heroes, loras: [watercolor] },
    {
      path: "loras[0]",
      words: ["can't be combined with other LoRAs"],
    },
  )

  testIssue(
    "accepts no LoRAs in the inputs",
    { model: heroes, inputs: { prompt, loras: [watercolor] } },
    {
      path: "loras[0]",
      words: ["can't be combined with other LoRAs"],
    },
  )

  testIssue(
    "can't be one of several LoRAs",
    { model: watercolor, loras: [heroes] },
    {
      path: "model",
      words: ["can't be combined with other LoRAs"],
    },
  )
})

describe("options for LoRAs", () => {
  testIssue(
    "are rejected for a model with its own inputs",
    { model: flux1, strength: 1 },
    {
      path: "strength",
      words: [`${flux1} isn't a LoRA`],
    },
  )

  testIssue(
    "can't add LoRAs to a model that accepts none",
    { model: "model_canvas-image-2", loras: [watercolor] },
    {
      path: "loras[0]",
      words: ["model_canvas-image-2", "can't run My watercolors"],
    },
  )

  simulatedTest("are rejected for an older endpoint, which runs a LoRA as modelId", function* (simulator) {
    const request: GenerationRequest = { endpoint: "txt2img", inputs: { modelId: watercolor, prompt } }
    yield* submit(request)
    assert.strictEqual(getPaidRequest(simulator).endpoint, "/generate/txt2img")
    const strong: GenerationRequest = Object.assign({ strength: 1 }, request)
    const error = yield* Effect.flip(submit(strong))
    assert.include(error.message, "strength: Only a request with `model` accepts this.")
  })
})

describe("a LoRA's request", () => {
  const request = { model: portraits, strength: 0.8, inputs: { prompt } }

  simulatedTest("has the price of its submit, and respects maxCost", function* (simulator) {
    const price = yield* estimate(request)
    yield* expectFailure(submit(request, { maxCost: price - 1 }), "CostTooHigh")
    const { cost } = yield* submit(request, { maxCost: price })
    assert.strictEqual(cost, price)
    assert.strictEqual(simulator.ledger().spent, price)
  })

  simulatedTest("is found after a lost response, and resumed by its requestKey", function* (simulator) {
    simulator.faults.next("lost-response")
    const first = yield* submit(request, { requestKey: "order 7" })
    const again = yield* submit(request, { requestKey: "order 7" })
    assert.strictEqual(again.job.jobId, first.job.jobId)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
    assert.strictEqual(getSubmits(simulator).length, 1)
  })

  simulatedTest("has an intent that names the base model, and is reconciled from it", function* (simulator) {
    simulator.faults.next("lost-response")
    simulator.faults.rate("bad-gateway-html", 1, { path: /\/jobs$/ })
    const error = yield* expectFailure(submit(request), "SubmitUncertain")
    simulator.faults.clear()
    assert.strictEqual(error.intent.path, `/generate/custom/${flux2}`)
    const { loras, lorasScale } = error.intent.inputs
    assert.deepStrictEqual({ loras, lorasScale }, { loras: [portraits], lorasScale: [0.8] })
    const found = yield* reconcile(error.intent)
    assert.isDefined(found.submission)
  })

  simulatedTest("adds its duration to the history of the base model", { pictures: "plain" }, function* () {
    const history = yield* DurationHistory
    const { assets } = yield* generate(request)
    assert.strictEqual(assets.length, 1)
    assert.deepStrictEqual(
      history.export().models.map(({ key }) => key),
      [flux2],
    )
  })
})
