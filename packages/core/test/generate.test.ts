import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { generate, type GenerateOptions } from "../src/generate.ts"
import { type EndpointInputs, type EndpointName, endpointNames } from "../src/submit/EndpointTable.ts"
import {
  type GenerationRequest,
  type GenerationTarget,
  type Inputs,
  requestFor,
} from "../src/submit/GenerationRequest.ts"
import { Generations } from "../src/submit/Generations.ts"
import type { LocalFile } from "../src/account/LocalFile.ts"
import { DurationHistory } from "../src/durations/DurationHistory.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { getPolls, getSubmits } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

const base = { modelId: "model_sdxl-base", prompt: "a red house" }
const image = { image: pixel, strength: 0.5 }
const control = { controlImage: pixel, modality: "canny" } as const
const adapter = { ipAdapterImages: [pixel] }

/** Valid inputs for each endpoint. */
const exampleInputs: { readonly [K in EndpointName]: EndpointInputs[K] } = {
  txt2img: { ...base, numSamples: 2 },
  img2img: { ...base, ...image },
  inpaint: { ...base, ...image, mask: pixel },
  controlnet: { ...base, ...control },
  "controlnet-img2img": { ...base, ...image, ...control },
  "controlnet-inpaint": { ...base, ...image, ...control, mask: pixel },
  "txt2img-ip-adapter": { ...base, ...adapter },
  "img2img-ip-adapter": { ...base, ...image, ...adapter },
  "inpaint-ip-adapter": { ...base, ...image, ...adapter, mask: pixel },
  "controlnet-ip-adapter": { ...base, ...control, ...adapter },
  "controlnet-inpaint-ip-adapter": { ...base, ...image, ...adapter, controlImage: pixel, mask: pixel },
  "txt2img-texture": base,
  "img2img-texture": { ...base, ...image },
  "controlnet-texture": { ...base, ...control },
  texture: { texture: pixel },
  upscale: { image: pixel, scalingFactor: 2 },
  "remove-background": { image: pixel },
  vectorize: { image: pixel },
  pixelate: { image: pixel, pixelGridSize: 16, removeNoise: false },
  patch: { image: pixel, patch: { image: pixel, mode: "override" } },
  reframe: { image: pixel, targetWidth: 512, targetHeight: 256 },
  restyle: { image: pixel, styleImages: [pixel] },
  "generative-fill": { image: pixel, mask: pixel, prompt: "a door" },
  "prompt-editing": { image: pixel, prompt: "make it blue", modelId: "flux-kontext" },
  "skybox-base-360": { prompt: "a desert" },
  "skybox-upscale-360": { image: pixel, targetWidth: 4096 },
  detect: { image: pixel, modality: "canny" },
  segment: { image: pixel, text: "the house" },
  prompt: { mode: "structured", prompt: "a house", numResults: 2 },
  translate: { prompt: "une maison rouge" },
  caption: { images: [pixel] },
  "describe-style": { images: [pixel] },
  embed: { text: "a red house" },
}

const makeRequest = (endpoint: EndpointName): GenerationRequest =>
  requestFor({ endpoint }, Object.fromEntries(Object.entries(exampleInputs[endpoint])))

const run = (request: GenerationRequest, options?: GenerateOptions) => generate(request, options)

describe("generate", () => {
  simulatedTest.each(endpointNames)(
    "runs %s to its result, with a valid request",
    function* (simulator, endpoint) {
      const generated = yield* run(makeRequest(endpoint))
      assert.isTrue(
        generated.assets.length > 0 || Object.keys(generated.output ?? {}).length > 0,
        "neither assets nor output",
      )
      for (const asset of generated.assets) assert.match(asset.url, /^http/)
      assert.deepStrictEqual(simulator.violations(), [])
      assert.strictEqual(simulator.ledger().paidJobs, 1)
      assert.isNotEmpty(generated.job.jobId)
    },
  )

  simulatedTest("runs a model with its inputs, and sends only those that are set", function* (simulator) {
    const { assets } = yield* run({
      model: "model_canvas-image-2",
      inputs: { prompt: "a red house", numOutputs: "2", width: undefined, quality: null },
    })
    assert.strictEqual(assets.length, 2)
    assert.deepStrictEqual(getSubmits(simulator).at(-1)?.body, { prompt: "a red house", numOutputs: 2 })
  })

  simulatedTest("expects a video model to take minutes, by its capabilities", function* () {
    const history = yield* DurationHistory
    const film = { modelId: "model_reel-video" }
    const { medianMs } = history.expect(film)
    yield* run(
      { model: film.modelId, inputs: { prompt: "a red house" } },
      {
        onSubmitted: () =>
          Effect.sync(() => assert.isAbove(history.expect(film).medianMs, Math.max(120_000, medianMs))),
      },
    )
    assert.isTrue(history.expect(film).isLearned)
  })

  simulatedTest("calls onSubmitted with the job before the first poll", function* (simulator) {
    const calls: Array<string> = []
    yield* run(makeRequest("txt2img"), {
      onSubmitted: ({ job }) => Effect.sync(() => calls.push(`${job.jobId} ${getPolls(simulator).length}`)),
    })
    assert.deepStrictEqual(calls, [`${simulator.ledger().entries[0]?.jobId} 0`])
  })

  simulatedTest("uploads a local file first, and sends its asset ID", function* (simulator) {
    const file: LocalFile = { fileName: "house.png", bytes: Buffer.from(pixel.slice(22), "base64") }
    yield* run({ endpoint: "remove-background", inputs: { image: file } })
    const body = getSubmits(simulator).at(-1)?.body
    assert.match(JSON.stringify(body), /^\{"image":"asset_/)
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("does not poll if the result comes with the response", function* (simulator) {
    const { output } = yield* run(makeRequest("translate"))
    assert.isString(output?.["translation"])
    assert.strictEqual(getPolls(simulator).length, 0)
  })

  simulatedTest("returns the text of a model that creates text", function* () {
    const { output, assets } = yield* run({ model: "model_scribe-llm", inputs: { prompt: "a haiku" } })
    assert.isTrue(output !== undefined || assets.some((asset) => asset.text !== undefined))
  })

  simulatedTest("runs a workflow", function* (simulator) {
    const { assets } = yield* run({ workflow: "wflow_sprite-sheet", inputs: { prompt: "a shoe" } })
    assert.isNotEmpty(assets)
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })
})

describe("the price", () => {
  simulatedTest(
    "is requested only by the query parameter dryRun, and nothing is charged",
    function* (simulator) {
      const generations = yield* Generations
      const cost = yield* generations.estimate(makeRequest("txt2img"))
      assert.isAbove(cost, 0)
      assert.strictEqual(simulator.ledger().paidJobs, 0)
      const dryRun = simulator.requests().find(({ path }) => path.includes("/generate/"))
      assert.strictEqual(dryRun?.status, 269)
      assert.strictEqual(dryRun?.query["dryRun"], "true")
      assert.notInclude(JSON.stringify(dryRun?.body), "dryRun")
    },
  )

  simulatedTest("stops a generation above the limit before it is submitted", function* (simulator) {
    yield* expectFailure(run(makeRequest("txt2img"), { maxCost: 0.01 }), "CostTooHigh")
    assert.strictEqual(getSubmits(simulator).length, 0)
    yield* run(makeRequest("txt2img"), { maxCost: 1_000 })
    assert.strictEqual(simulator.ledger().paidJobs, 1)
  })

  simulatedTest.each([Number.NaN, -1])(
    "is not requested if the limit is invalid: %s",
    function* (simulator, maxCost) {
      const error = yield* Effect.flip(run(makeRequest("txt2img"), { maxCost }))
      assert.include(error.message, "maxCost")
      assert.strictEqual(simulator.requests().length, 0)
    },
  )
})

describe("invalid input", () => {
  const txt2img = { endpoint: "txt2img" } as const
  const canvas = { model: "model_canvas-image-2" } as const
  const wrong: ReadonlyArray<readonly [GenerationTarget, Inputs, string]> = [
    [txt2img, { ...base, numSamples: 500 }, "numSamples"],
    [txt2img, { prompt: "x" }, "modelId"],
    [txt2img, { ...base, promt: "x" }, "promt"],
    [txt2img, { ...base, dryRun: true }, "dryRun"],
    [{ endpoint: "upscale" }, { image: pixel, preset: "wild" }, "preset"],
    [canvas, {}, "prompt"],
    [{ model: "model_sdxl-base" }, { prompt: "x" }, "model"],
  ]
  simulatedTest.each(wrong)("is rejected before a submit: %j", function* (simulator, [target, inputs, path]) {
    const error = yield* expectFailure(run(requestFor(target, inputs)), "InvalidInput")
    assert.include(
      error.issues.map((issue) => issue.path),
      path,
    )
    assert.include(error.message, path)
    assert.deepStrictEqual(getSubmits(simulator), [])
  })

  simulatedTest("suggests an endpoint for an unknown model ID that resembles one", function* () {
    const error = yield* Effect.flip(run({ model: "tx2img", inputs: { prompt: "x" } }))
    assert.include(error.message, "Did you mean the endpoint `txt2img`?")
    yield* expectApiError(run({ model: "model_unknown", inputs: { prompt: "x" } }), "NotFound")
  })

  simulatedTest("is reported with all of its issues", function* () {
    const request = requestFor({ endpoint: "txt2img" }, { numSamples: 0, guidance: 99, colour: "red" })
    const { issues } = yield* expectFailure(run(request), "InvalidInput")
    assert.strictEqual(issues.length, 5)
  })
})
