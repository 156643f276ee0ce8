import { describe, expect, it } from "vitest"
import { assetSample } from "../src/outputs/assetOutput.ts"
import { at, catchFailure, getKeys, startWorld, type World } from "./zapier.ts"

const poll = async (world: World, trigger: string, inputData = {}, meta = {}) => {
  const { results } = await world.call(`triggers.${trigger}.operation.perform`, { inputData, meta })
  return Array.isArray(results) ? results : []
}
const ids = (rows: ReadonlyArray<unknown>) => rows.map((row) => at(row, "id"))

describe("Generation Finished", () => {
  it("lists finished generations, the latest first", async () => {
    await using world = await startWorld()
    const [first, , failed, canceled, running] = [
      world.simulator.addJob({ ageMs: 50_000, assetIds: ["asset_1", "asset_2"], input: { prompt: "a cat" } }),
      world.simulator.addJob({ ageMs: 40_000 }),
      world.simulator.addJob({ ageMs: 30_000, status: "failure" }),
      world.simulator.addJob({ ageMs: 20_000, status: "canceled" }),
      world.simulator.addJob({ ageMs: 1_000, durationMs: 60_000 }),
    ]
    const rows = await poll(world, "generation_finished")
    expect(rows).toHaveLength(2)
    expect(rows[1]).toMatchObject({
      id: first,
      prompt: "a cat",
      assetId: "asset_1",
      file: expect.stringContaining("asset_1"),
    })
    expect(at(rows[1], "assets", "length")).toBe(2)
    expect(getKeys(rows[0])).toEqual(getKeys(rows[1]))
    expect(String(at(rows[1], "finishedAt"))).toMatch(/Z$/)
    expect(ids(await poll(world, "generation_finished", { status: "failure" }))).toEqual([failed])
    const ended = ids(await poll(world, "generation_finished", { status: "any" }))
    expect(ended).toHaveLength(4)
    expect(ended).toContain(canceled)
    expect(ended).not.toContain(running)
  })

  it("returns three rows of any age to the editor, and all recent rows to a poll", async () => {
    await using world = await startWorld()
    for (let index = 0; index < 4; index++) world.simulator.addJob({ ageMs: 48 * 60 * 60_000 })
    expect(await poll(world, "generation_finished", {}, { isLoadingSample: true })).toHaveLength(3)
    for (let index = 0; index < 230; index++) world.simulator.addJob({ ageMs: 60_000 + index * 10 })
    expect(await poll(world, "generation_finished", {}, { isPopulatingDedupe: true })).toHaveLength(230)
    expect(await poll(world, "generation_finished")).toHaveLength(230)
  })
})

const hour = 60 * 60_000

describe("Generation Finished in a busy project", () => {
  it("lists a video that ends after 320 newer pictures", async () => {
    await using world = await startWorld()
    const video = world.simulator.addJob({ ageMs: hour, durationMs: hour - 1_000, assetIds: ["asset_v"] })
    for (let index = 0; index < 320; index++) {
      world.simulator.addJob({ ageMs: 60_000 + index * 10, assetIds: [`asset_${index}`] })
    }
    const rows = ids(await poll(world, "generation_finished"))
    expect(rows[0]).toBe(video)
    expect(rows).toHaveLength(321)
  })

  it("lists 150 generations with the URL, the model, and the prompt of their first assets in two requests", async () => {
    await using world = await startWorld()
    for (let index = 0; index < 150; index++) {
      const asset = world.simulator.addAsset({ modelId: "model_a", prompt: "a cat", ageMs: 60_000 })
      world.simulator.addJob({ ageMs: 60_000 + index * 10, assetIds: [asset] })
    }
    const rows = await poll(world, "generation_finished")
    expect(rows).toHaveLength(150)
    for (const row of rows) {
      expect(row).toMatchObject({ model: "model_a", assetUrl: expect.stringMatching(/^http/) })
    }
    expect(world.simulator.requests()).toHaveLength(2)
  })

  it("doesn't list uploads, downloads, and trainings", async () => {
    await using world = await startWorld()
    for (const jobType of [
      "upload",
      "assets-download",
      "model-download",
      "model-training",
      "canvas-export",
    ]) {
      world.simulator.addJob({ jobType, ageMs: 60_000, assetIds: ["asset_1"] })
    }
    const generation = world.simulator.addJob({ ageMs: 60_000, assetIds: ["asset_1"] })
    expect(ids(await poll(world, "generation_finished", { status: "any" }))).toEqual([generation])
  })

  it("doesn't list generations that started more than 24 hours ago", async () => {
    await using world = await startWorld()
    world.simulator.addJob({ ageMs: 25 * hour, durationMs: 25 * hour - 1_000, assetIds: ["asset_1"] })
    expect(await poll(world, "generation_finished")).toEqual([])
  })

  it.each(["Success", " success ", "SUCCESS"])("accepts the outcome by its label: %j", async (status) => {
    await using world = await startWorld()
    const generation = world.simulator.addJob({ ageMs: 60_000, assetIds: ["asset_1"] })
    world.simulator.addJob({ ageMs: 60_000, status: "failure" })
    expect(ids(await poll(world, "generation_finished", { status }))).toEqual([generation])
  })

  it.each(["finished", "succeeded!", true, { a: 1 }, "{{123__status}}"])(
    "refuses the outcome %j",
    async (status) => {
      await using world = await startWorld()
      const failure = await catchFailure(poll(world, "generation_finished", { status }))
      expect(failure).toMatchObject({
        name: "AppError",
        message: expect.stringMatching(
          /Outcome: Choose one of \\"Success\\", \\"Failure\\", \\"Canceled\\", \\"Any\\" instead of/,
        ),
      })
    },
  )
})

describe("the dropdowns", () => {
  it("label nameless assets by kind and date, and list only generations", async () => {
    await using world = await startWorld()
    world.simulator.addAsset({ kind: "image", metadataType: "uploaded" })
    world.simulator.addAsset({ kind: "video", metadataType: "txt2video", name: " " })
    world.simulator.addAsset({ kind: "audio", name: "song.mp3" })
    world.simulator.addJob({ jobType: "upload" })
    const generation = world.simulator.addJob({ jobType: "custom", input: { prompt: "a cat" } })
    const method = (search: string) => `searches.${search}.operation.inputFields.0.choices.perform`
    const labels = async (search: string) => {
      const page = at((await world.call(method(search))).results, "results")
      return Array.isArray(page) ? page : []
    }
    const assetLabels = (await labels("find_asset")).map((choice) => at(choice, "label"))
    expect(assetLabels).toHaveLength(3)
    expect(assetLabels).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Generated video, \d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
        expect.stringMatching(/^Uploaded image, /),
        "song.mp3 (audio)",
      ]),
    )
    expect(ids(await labels("find_generation"))).toEqual([generation])
  })
})

describe("New Asset", () => {
  it("lists a video that becomes available after 150 newer pictures", async () => {
    await using world = await startWorld()
    const video = world.simulator.addAsset({ kind: "video", ageMs: hour, readyAfterMs: hour - 1_000 })
    for (let index = 0; index < 150; index++) world.simulator.addAsset({ ageMs: 60_000 + index * 10 })
    expect(ids(await poll(world, "new_asset"))).toContain(video)
  })

  it("lists available assets, the latest first", async () => {
    await using world = await startWorld()
    const old = world.simulator.addAsset({ ageMs: 60_000 })
    const fresh = world.simulator.addAsset({ ageMs: 1_000 })
    world.simulator.addAsset({ readyAfterMs: 1_000_000 })
    const rows = await poll(world, "new_asset")
    expect(ids(rows)).toEqual([fresh, old])
    expect(getKeys(rows[0])).toEqual(Object.keys(assetSample))
  })

  it("lists an asset once if the pages shift while they are read", async () => {
    await using world = await startWorld()
    for (let index = 0; index < 150; index++) world.simulator.addAsset({ ageMs: 60_000 + index * 10 })
    world.simulator.faults.next("shifting-pages", { path: "/assets", items: 0 })
    world.simulator.faults.next("shifting-pages", { path: "/assets", items: 5 })
    const rows = ids(await poll(world, "new_asset", {}, { isPopulatingDedupe: true }))
    expect(new Set(rows).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThanOrEqual(145)
  })

  it("lists only assets of the chosen collection", async () => {
    await using world = await startWorld()
    world.simulator.addAsset({})
    const wanted = world.simulator.addAsset({ collectionIds: ["coll_a"] })
    expect(ids(await poll(world, "new_asset", { collection: "coll_a" }))).toEqual([wanted])
  })
})
