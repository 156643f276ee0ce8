import { describe, expect, it } from "vitest"
import { assetSample } from "../src/outputs/assetOutput.ts"
import { at, keysOf, startWorld, type World } from "./zapier.ts"

const poll = async (world: World, trigger: string, inputData = {}, meta = {}) => {
  const { results } = await world.call(`triggers.${trigger}.operation.perform`, { inputData, meta })
  return Array.isArray(results) ? results : []
}
const ids = (rows: ReadonlyArray<unknown>) => rows.map((row) => at(row, "id"))

describe("Generation Finished", () => {
  it("lists what has ended, the latest first, and nothing that runs", async () => {
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
    expect(keysOf(rows[0])).toEqual(keysOf(rows[1]))
    expect(String(at(rows[1], "finishedAt"))).toMatch(/Z$/)
    expect(ids(await poll(world, "generation_finished", { status: "failure" }))).toEqual([failed])
    const ended = ids(await poll(world, "generation_finished", { status: "any" }))
    expect(ended).toHaveLength(4)
    expect(ended).toContain(canceled)
    expect(ended).not.toContain(running)
  })

  it("gives three rows to the editor, however old, and all others to a poll", async () => {
    await using world = await startWorld()
    for (let index = 0; index < 4; index++) world.simulator.addJob({ ageMs: 48 * 60 * 60_000 })
    expect(await poll(world, "generation_finished", {}, { isLoadingSample: true })).toHaveLength(3)
    for (let index = 0; index < 230; index++) world.simulator.addJob({ ageMs: 60_000 + index * 10 })
    expect(await poll(world, "generation_finished", {}, { isPopulatingDedupe: true })).toHaveLength(230)
    expect(await poll(world, "generation_finished")).toHaveLength(230)
  })
})

describe("New Asset", () => {
  it("lists the latest first, each with its file, and none that is not there yet", async () => {
    await using world = await startWorld()
    const old = world.simulator.addAsset({ ageMs: 60_000 })
    const fresh = world.simulator.addAsset({ ageMs: 1_000 })
    world.simulator.addAsset({ readyAfterMs: 1_000_000 })
    const rows = await poll(world, "new_asset")
    expect(ids(rows)).toEqual([fresh, old])
    expect(keysOf(rows[0])).toEqual(Object.keys(assetSample))
  })

  it("tells an asset once, though the pages shift while they are read", async () => {
    await using world = await startWorld()
    for (let index = 0; index < 150; index++) world.simulator.addAsset({ ageMs: 60_000 + index * 10 })
    world.simulator.faults.next("shifting-pages", { path: "/assets", items: 0 })
    world.simulator.faults.next("shifting-pages", { path: "/assets", items: 5 })
    const rows = ids(await poll(world, "new_asset", {}, { isPopulatingDedupe: true }))
    expect(new Set(rows).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThanOrEqual(145)
  })

  it("keeps to a collection", async () => {
    await using world = await startWorld()
    world.simulator.addAsset({})
    const wanted = world.simulator.addAsset({ collectionIds: ["coll_a"] })
    expect(ids(await poll(world, "new_asset", { collection: "coll_a" }))).toEqual([wanted])
  })
})
