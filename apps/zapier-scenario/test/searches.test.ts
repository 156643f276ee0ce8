import { describe, expect, it } from "vitest"
import { assetSample } from "../src/outputs/assetOutput.ts"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { at, catchFailure, generate, getKeys, performGenerate, startWorld } from "./zapier.ts"

const perform = (search: string) => `searches.${search}.operation.perform`

describe("a search", () => {
  it("is empty if nothing is found", async () => {
    await using world = await startWorld()
    const nothing = [
      await world.call(perform("find_generation"), { inputData: { generation: "job_none" } }),
      await world.call(perform("find_asset"), { inputData: { asset: "asset_none" } }),
      await world.call(perform("find_model"), { inputData: { words: "zzzzzz" } }),
    ]
    expect(nothing.map(({ results }) => results)).toEqual([[], [], []])
  })

  it("finds a generation with its files, or with its error", async () => {
    await using world = await startWorld()
    const made = await world.call(performGenerate, generate({}))
    const found = await world.call(perform("find_generation"), {
      inputData: { generation: at(made.results, "id") },
    })
    expect(found.results).toMatchObject([
      { id: at(made.results, "id"), finished: true, assetId: at(made.results, "assetId"), message: null },
    ])
    expect(getKeys(at(found.results, 0))).toEqual(Object.keys(generationSample))

    world.simulator.planNextJob({
      durationMs: 10_000,
      outcome: "failure",
      error: "Out of paint.",
      hint: "Buy some.",
    })
    const started = await world.call("creates.start_generation.operation.perform", generate({}))
    const ended = await world.call(perform("find_generation"), {
      inputData: { generation: at(started.results, "id"), ifNotFinished: "wait" },
    })
    expect(ended.results).toMatchObject([
      { finished: true, status: "failure", error: "Out of paint. Buy some.", assets: [] },
    ])
  })

  it("finds an asset with a fresh link after the old one has expired", async () => {
    await using world = await startWorld({ clock: "stepped", linkTtlMs: 60_000 })
    const asset = world.simulator.addAsset({ kind: "image" })
    const find = () => world.call(perform("find_asset"), { inputData: { asset } })
    const old = String(at((await find()).results, 0, "url"))
    await world.simulator.advance(61_000)
    const found = (await find()).results
    expect(getKeys(at(found, 0))).toEqual(Object.keys(assetSample))
    expect((await fetch(old)).status).toBe(403)
    expect((await fetch(String(at(found, 0, "url")))).status).toBe(200)
  })

  it("finds an asset in another format, and says which formats a kind doesn't have", async () => {
    await using world = await startWorld()
    const asset = world.simulator.addAsset({ kind: "image" })
    const find = (format: string) => world.call(perform("find_asset"), { inputData: { asset, format } })
    const { results } = await find("webp")
    expect(results).toMatchObject([
      {
        id: asset,
        url: expect.stringMatching(/format=webp/),
        file: expect.stringMatching(/format=webp/),
        mimeType: "image/webp",
        thumbnailUrl: `https://cdn.cloud.scenario.com/thumbnails/${asset}`,
      },
    ])
    expect(getKeys(at(results, 0))).toEqual(Object.keys(assetSample))
    expect(await catchFailure(find("glb"))).toMatchObject({
      name: "AppError",
      message: expect.stringMatching(/rejected the request \(400\): Invalid target format/),
    })
    expect((await catchFailure(find("gif"))).message).toMatch(/Format: Choose one of/)
  })

  it("finds each model once", async () => {
    await using world = await startWorld()
    const { results } = await world.call(perform("find_model"), { inputData: { words: "flux" } })
    const rows = Array.isArray(results) ? results : []
    expect(rows.length).toBeGreaterThan(1)
    expect(new Set(rows.map((row) => at(row, "id"))).size).toBe(rows.length)
    expect(rows).toContainEqual(
      expect.objectContaining({
        id: "model_flux-1-dev",
        needsMode: true,
        modes: expect.arrayContaining(["txt2img"]),
      }),
    )
  })
})
