import { assert, describe, it } from "@effect/vitest"
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
import { pollsIn, submitsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

const base = { modelId: "model_sdxl-base", prompt: "a red house" }
const image = { image: pixel, strength: 0.5 }
const control = { controlImage: pixel, modality: "canny" } as const
const adapter = { ipAdapterImages: [pixel] }

/** Inputs that each endpoint accepts: its required ones, and what makes its result worth looking at. */
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
  it.effect.each(endpointNames)(
    "runs %s to its result, with a request that the API takes as it is",
    (endpoint) =>
      simulate({}, (simulator) =>
        Effect.gen(function* () {
          const generated = yield* run(makeRequest(endpoint))
          assert.isTrue(
            generated.assets.length > 0 || Object.keys(generated.output ?? {}).length > 0,
            "neither assets nor output",
          )
          for (const asset of generated.assets) assert.match(asset.url, /^http/)
          assert.deepStrictEqual(simulator.violations(), [])
          assert.strictEqual(simulator.ledger().paidJobs, 1)
          assert.isNotEmpty(generated.job.jobId)
        }),
      ),
  )

  it.effect("runs a model by its own inputs, and sends only what was set", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { assets } = yield* run({
          model: "model_canvas-image-2",
          inputs: { prompt: "a red house", numOutputs: "2", width: undefined, quality: null },
        })
        assert.strictEqual(assets.length, 2)
        assert.deepStrictEqual(submitsIn(simulator).at(-1)?.body, { prompt: "a red house", numOutputs: 2 })
      }),
    ),
  )

  it.effect("knows from a model's capabilities that it will take minutes", () =>
    simulate({}, () =>
      Effect.gen(function* () {
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
      }),
    ),
  )

  it.effect("has the job before the waiting begins", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const seen: Array<string> = []
        yield* run(makeRequest("txt2img"), {
          onSubmitted: ({ job }) => Effect.sync(() => seen.push(`${job.jobId} ${pollsIn(simulator).length}`)),
        })
        assert.deepStrictEqual(seen, [`${simulator.ledger().entries[0]?.jobId} 0`])
      }),
    ),
  )

  it.effect("uploads a local file first, and names it by its asset id", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const file: LocalFile = { fileName: "house.png", bytes: Buffer.from(pixel.slice(22), "base64") }
        yield* run({ endpoint: "remove-background", inputs: { image: file } })
        const body = submitsIn(simulator).at(-1)?.body
        assert.match(JSON.stringify(body), /^\{"image":"asset_/)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("does not wait for a result that came with the answer", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { output } = yield* run(makeRequest("translate"))
        assert.isString(output?.["translation"])
        assert.strictEqual(pollsIn(simulator).length, 0)
      }),
    ),
  )

  it.effect("gives the text of a model whose result is text", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const { output, assets } = yield* run({ model: "model_scribe-llm", inputs: { prompt: "a haiku" } })
        assert.isTrue(output !== undefined || assets.some((asset) => asset.text !== undefined))
      }),
    ),
  )

  it.effect("runs a workflow", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const { assets } = yield* run({ workflow: "wflow_sprite-sheet", inputs: { prompt: "a shoe" } })
        assert.isNotEmpty(assets)
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )
})

describe("the price", () => {
  it.effect("is asked for by the query alone, and nothing is paid", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const generations = yield* Generations
        const cost = yield* generations.estimate(makeRequest("txt2img"))
        assert.isAbove(cost, 0)
        assert.strictEqual(simulator.ledger().paidJobs, 0)
        const asked = simulator.requests().find(({ path }) => path.includes("/generate/"))
        assert.strictEqual(asked?.status, 269)
        assert.strictEqual(asked?.query["dryRun"], "true")
        assert.notInclude(JSON.stringify(asked?.body), "dryRun")
      }),
    ),
  )

  it.effect("keeps a generation above the limit from being submitted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(run(makeRequest("txt2img"), { maxCost: 0.01 }))
        assert.strictEqual(error._tag, "CostTooHigh")
        assert.strictEqual(submitsIn(simulator).length, 0)
        yield* run(makeRequest("txt2img"), { maxCost: 1_000 })
        assert.strictEqual(simulator.ledger().paidJobs, 1)
      }),
    ),
  )

  it.effect.each([Number.NaN, -1])("is not compared with a limit that is none: %s", (maxCost) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(run(makeRequest("txt2img"), { maxCost }))
        assert.include(error.message, "maxCost")
        assert.strictEqual(simulator.requests().length, 0)
      }),
    ),
  )
})

describe("input that is wrong", () => {
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
  it.effect.each(wrong)("is refused before anything is sent for it: %j", ([target, inputs, path]) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(run(requestFor(target, inputs)))
        assert.strictEqual(error._tag, "InvalidInput")
        if (error._tag !== "InvalidInput") return
        assert.include(
          error.issues.map((issue) => issue.path),
          path,
        )
        assert.include(error.message, path)
        assert.deepStrictEqual(submitsIn(simulator), [])
      }),
    ),
  )

  it.effect("is a misspelt endpoint where no model has such an id", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(run({ model: "tx2img", inputs: { prompt: "x" } }))
        assert.include(error.message, "did you mean the endpoint txt2img?")
        const unknown = yield* Effect.flip(run({ model: "model_nobody-knows", inputs: { prompt: "x" } }))
        assert.strictEqual(unknown._tag === "ApiError" ? unknown.reason._tag : unknown._tag, "NotFound")
      }),
    ),
  )

  it.effect("is reported all at once", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const request = requestFor({ endpoint: "txt2img" }, { numSamples: 0, guidance: 99, colour: "red" })
        const error = yield* Effect.flip(run(request))
        assert.strictEqual(error._tag === "InvalidInput" ? error.issues.length : error._tag, 5)
      }),
    ),
  )
})
