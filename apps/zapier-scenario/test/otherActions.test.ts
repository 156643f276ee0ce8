import { createServer } from "node:http"
import { describe, expect, it } from "vitest"
import { assetSample } from "../src/outputs/assetOutput.ts"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { at, catchFailure, generate, getKeys, listen, shut, startWorld, getAssetUrl } from "./zapier.ts"

const perform = (create: string) => `creates.${create}.operation.perform`

describe("Start Generation", () => {
  it("returns the job without waiting", async () => {
    await using world = await startWorld()
    const { results, status } = await world.call(perform("start_generation"), generate({}))
    expect(status).toBe("SUCCESS")
    expect(results).toMatchObject({ finished: false, assets: [], model: "model_canvas-image-2" })
    expect(getKeys(results)).toEqual(Object.keys(generationSample))
    expect(world.simulator.ledger().entries).toMatchObject([{ jobId: at(results, "id") }])
  })
})

describe("Transform Image", () => {
  const settings: ReadonlyArray<readonly [string, Record<string, unknown>]> = [
    ["upscale", { in_scalingFactor: "2" }],
    ["remove-background", { in_format: "png" }],
    ["vectorize", { additionalInputs: '{"preset": "photo"}' }],
    ["pixelate", { in_pixelGridSize: "32", in_removeNoise: "true" }],
    ["reframe", { in_targetWidth: 512, in_targetHeight: 256 }],
    ["restyle", { in_styleImages: [] }],
  ]

  it("runs every transformation", async () => {
    // Some take longer than a step can wait.
    await using world = await startWorld({ speed: 10 })
    const asset = world.simulator.addAsset({ kind: "image" })
    for (const [transformation, inputs] of settings) {
      const style = transformation === "restyle" ? { in_styleImages: [asset] } : {}
      const inputData = { transformation, asset, ...inputs, ...style }
      const { results } = await world.call(perform("transform_image"), { inputData })
      expect({ transformation, ...Object(results) }).toMatchObject({
        transformation,
        finished: true,
        model: null,
      })
      expect(getKeys(results)).toEqual(Object.keys(generationSample))
    }
    expect(world.simulator.ledger().entries.map(({ endpoint }) => endpoint)).toEqual(
      settings.map(([transformation]) => `/generate/${transformation}`),
    )
    expect(world.simulator.violations()).toEqual([])
  })

  it("imports a file first, and refuses both or neither of file and asset", async () => {
    await using world = await startWorld()
    const asset = world.simulator.addAsset({ kind: "image" })
    const file = getAssetUrl(world)
    const inputData = { transformation: "remove-background", file }
    await world.call(perform("transform_image"), { inputData })
    expect(world.simulator.ledger().entries).toMatchObject([
      { body: { image: expect.stringMatching(/^asset_/) } },
    ])
    for (const given of [{ transformation: "upscale" }, { ...inputData, asset }]) {
      const failure = await catchFailure(world.call(perform("transform_image"), { inputData: given }))
      expect(failure.message).toMatch(/File, Asset: Fill in (only )?one of the two/)
    }
    const unknown = await catchFailure(
      world.call(perform("transform_image"), { inputData: { transformation: "melt", asset } }),
    )
    expect(unknown.message).toMatch(/Transformation: Choose one of \\"Upscale/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("Import Asset", () => {
  it("creates an asset of the chosen kind from a URL", async () => {
    await using world = await startWorld()
    world.simulator.addAsset({ kind: "image" })
    const file = getAssetUrl(world)
    const { results } = await world.call(perform("import_asset"), { inputData: { file, kind: "image" } })
    expect(results).toMatchObject({ id: expect.stringMatching(/^asset_/), kind: "image" })
    expect(getKeys(results)).toEqual(Object.keys(assetSample))
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  it("refuses a text that isn't a URL, and says why a file can't be imported", async () => {
    await using world = await startWorld()
    const absent = createServer((_, response) => response.writeHead(404).end())
    const file = `${await listen(absent)}/a.png`
    const failure = await catchFailure(world.call(perform("import_asset"), { inputData: { file } }))
    expect(failure).toMatchObject({
      name: "AppError",
      message: expect.stringMatching(/couldn't import .*404/),
    })
    await shut(absent)
    const none = await catchFailure(
      world.call(perform("import_asset"), { inputData: { file: "a red house" } }),
    )
    expect(none.message).toMatch(/File: Enter one link that starts with https/)
  })
})

describe("Cancel Generation", () => {
  it("returns the outcome", async () => {
    await using world = await startWorld()
    const started = [{ model: "model_flux-1-dev", mode: "txt2img" }, { model: "model_canvas-image-2" }]
    const outcomes: Array<unknown> = []
    for (const inputs of started) {
      const { results } = await world.call(perform("start_generation"), generate(inputs))
      const inputData = { generation: at(results, "id") }
      outcomes.push((await world.call(perform("cancel_generation"), { inputData })).results)
    }
    const generation = world.simulator.addJob({ ageMs: 60_000 })
    outcomes.push((await world.call(perform("cancel_generation"), { inputData: { generation } })).results)
    expect(outcomes).toMatchObject([
      { outcome: "canceled", canceled: true },
      { outcome: "not-permitted", canceled: false, message: expect.stringMatching(/is charged/) },
      { outcome: "already-finished", canceled: false },
    ])
    const none = await catchFailure(
      world.call(perform("cancel_generation"), { inputData: { generation: "job_none" } }),
    )
    expect(none).toMatchObject({
      name: "AppError",
      message: expect.stringMatching(/doesn't have this generation/),
    })
  })
})
