import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { type Asset, toLinkedAsset } from "../src/api/Asset.ts"
import { generate, resume } from "../src/generate.ts"
import { Assets } from "../src/resolve/Assets.ts"
import { Downloads } from "../src/deliver/Downloads.ts"
import { findPrimary } from "../src/resolve/findPrimary.ts"
import { Generations } from "../src/submit/Generations.ts"
import { ScenarioConfig } from "../src/ScenarioConfig.ts"
import { thumbnailUrl } from "../src/thumbnailUrl.ts"
import { getCdnRequests } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

const statue = { model: "model_sculptor-3d", inputs: { prompt: "a statue" } } as const

const makeAsset = (assetId: string, kind: string, more: Partial<Asset> = {}): Asset => ({
  ...toLinkedAsset("https://cdn.example/x", "job_1", 0),
  assetId,
  kind,
  ...more,
})

describe("the primary file of a job", () => {
  simulatedTest(
    "is the mesh of a 3D model that returns a thumbnail first, and the assets keep the job's order",
    function* (simulator) {
      simulator.faults.next("thumbnail-first")
      const { assets, primary, job } = yield* generate(statue)
      assert.deepStrictEqual(
        assets.map(({ kind }) => kind),
        ["image", "3d"],
      )
      assert.strictEqual(primary?.assetId, assets[1]?.assetId)
      assert.strictEqual((yield* resume(job.jobId)).primary?.assetId, primary?.assetId)
    },
  )

  simulatedTest("is the first image of an image model", function* () {
    const { assets, primary } = yield* generate({
      model: "model_canvas-image-2",
      inputs: { prompt: "a red house", numOutputs: 2 },
    })
    assert.strictEqual(primary, assets[0])
  })

  it("is found without the model, by the job's type, or by skipping thumbnails and previews", () => {
    const image = makeAsset("image", "image")
    const mesh = makeAsset("mesh", "3d")
    assert.strictEqual(findPrimary([image, mesh]), mesh)
    assert.strictEqual(findPrimary([image, mesh], { outputKind: "image" }), image)
    assert.strictEqual(findPrimary([image, mesh], { jobType: "workflow" }), image)
    assert.strictEqual(findPrimary([image, mesh], { jobType: "splat" }), mesh)
    const marked = makeAsset("small", "image", { type: "thumbnail" })
    assert.strictEqual(findPrimary([marked, image]), image)
    const named = makeAsset("big", "image", { thumbnail: { assetId: "image", url: "https://cdn.example/t" } })
    assert.strictEqual(findPrimary([image, named], { jobType: "upscale" }), named)
    assert.strictEqual(findPrimary([marked]), marked)
    assert.isUndefined(findPrimary([]))
  })
})

describe("a link to a file", () => {
  simulatedTest("is fresh, and can be in another format", function* (simulator) {
    const assetId = simulator.addAsset({ kind: "image" })
    const assets = yield* Assets
    const link = yield* assets.convert(assetId, "JPG")
    assert.deepInclude(link, { assetId, format: "jpeg" })
    assert.include(link.url, simulator.cdnUrl)
    assert.include(link.url, "format=jpeg")
    const plain = yield* assets.convert(assetId)
    assert.isUndefined(plain.format)
    assert.deepStrictEqual(
      simulator.requests().map(({ body }) => body),
      [{ targetFormat: "jpeg" }, {}],
    )
    const error = yield* Effect.flip(assets.convert(assetId, "glb"))
    assert.include(error.message, "Invalid target format")
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("leads to the original file if that is requested", function* (simulator) {
    const known = yield* Assets.use((assets) => assets.get(simulator.addAsset({ kind: "image" })))
    const downloads = yield* Downloads
    for (const rendition of ["file", "original"] as const) {
      yield* Stream.runDrain(downloads.download(known, { rendition }))
    }
    simulator.faults.next("expired-link")
    yield* Stream.runDrain(downloads.download(known, { rendition: "original" }))
    assert.deepStrictEqual(
      getCdnRequests(simulator).map(({ path }) => path.split("/")[1]),
      ["assets-transform", "assets", "assets", "assets"],
    )
  })
})

describe("a file that the job names only by a link", () => {
  simulatedTest("is downloaded by its link if the original is requested", function* (simulator) {
    const { url } = yield* Assets.use((assets) => assets.get(simulator.addAsset({ kind: "image" })))
    const linked = toLinkedAsset(url, "job_1", 0)
    const downloads = yield* Downloads
    yield* Stream.runDrain(downloads.download(linked, { rendition: "original" }))
    assert.deepStrictEqual(
      simulator.requests().map(({ origin }) => origin),
      ["api", "cdn"],
    )
  })
})

describe("a preview that doesn't expire", () => {
  simulatedTest("is served without a signature, even for a private asset", function* (simulator) {
    const assetId = simulator.addAsset({ kind: "image" })
    const response = yield* Effect.promise(() => fetch(thumbnailUrl(assetId, simulator.cdnUrl)))
    assert.strictEqual(response.status, 200)
  })

  it.effect("is at Scenario's CDN, or at the configured one", () =>
    Effect.gen(function* () {
      assert.strictEqual(thumbnailUrl("asset_1"), "https://cdn.cloud.scenario.com/thumbnails/asset_1")
      const getCdnUrl = (settings: { readonly baseUrl?: string; readonly cdnUrl?: string }) =>
        ScenarioConfig.useSync(({ cdnUrl }) => cdnUrl).pipe(
          Effect.provide(ScenarioConfig.layer({ apiKey: "key", apiSecret: "secret", ...settings })),
        )
      assert.strictEqual(yield* getCdnUrl({}), "https://cdn.cloud.scenario.com")
      assert.strictEqual(yield* getCdnUrl({ baseUrl: "http://127.0.0.1:4010/v1" }), "http://127.0.0.1:4010")
      assert.strictEqual(yield* getCdnUrl({ cdnUrl: "http://127.0.0.1:4011/" }), "http://127.0.0.1:4011")
    }),
  )
})

describe("a submit through Generations", () => {
  simulatedTest("knows the model's kind of output before the job has ended", function* (simulator) {
    simulator.faults.next("thumbnail-first")
    const submission = yield* Generations.use((generations) => generations.submit(statue))
    const { primary } = yield* resume(submission)
    assert.strictEqual(primary?.kind, "3d")
  })
})
