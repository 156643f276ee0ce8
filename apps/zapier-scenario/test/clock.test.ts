import { describe, expect, it } from "vitest"
import { at, catchFailure, generate, performGenerate, startWorld } from "./zapier.ts"

const measure = async <A>(running: Promise<A>) => {
  const begunAt = performance.now()
  const value = await running
  return { value, ms: performance.now() - begunAt }
}

/** The step's own limit is 25 s, that of a file 27.5, and Zapier's 30. */
const inTimeMs = 28_000

describe("a step is over before Zapier cuts it off", () => {
  it("when requests hang: while it looks, after a lost answer, before it submits, while it imports", async () => {
    await using world = await startWorld()
    const { faults } = world.simulator
    faults.rate("hang", 1, { path: /\/v1\/jobs/ })
    faults.rate("hang", 1, { path: "/models/model_scribe-llm" })
    faults.rate("hang", 1, { path: "/uploads/upload_" })
    faults.next("lost-response", { path: "model_flux-composer" })

    const file = { file: "https://files.example/a.mp4" }
    const [looking, lost, early, importing] = await Promise.all([
      measure(world.call(performGenerate, generate({}))),
      measure(catchFailure(world.call(performGenerate, generate({ model: "model_flux-composer" })))),
      measure(catchFailure(world.call(performGenerate, generate({ model: "model_scribe-llm" })))),
      measure(catchFailure(world.call("creates.import_asset.operation.perform", { inputData: file }))),
    ])

    expect(looking.value.status).toBe("SUCCESS")
    expect(looking.value.results).toMatchObject({ finished: false, assets: [], file: null })
    expect(at(looking.value.results, "message")).toContain(String(at(looking.value.results, "id")))
    expect(lost.value.name).toBe("HaltedError")
    expect(early.value).toMatchObject({
      name: "AppError",
      message: expect.stringMatching(/did not answer/),
    })
    expect(importing.value).toMatchObject({
      name: "HaltedError",
      message: expect.stringMatching(/still importing the file \(upload upload_/),
    })
    for (const { ms } of [looking, lost, early, importing]) expect(ms).toBeLessThan(inTimeMs)
    expect(world.simulator.ledger().paidJobs).toBe(2)
  })
})

describe("a file is given up before Zapier cuts it off", () => {
  it.each([
    ["the CDN never answers", "hang", { origin: "cdn" }, /0 bytes had come/],
    [
      "the CDN's bytes stop",
      "trickle",
      { origin: "cdn", delayMs: 600_000, chunks: 50 },
      /\d+ bytes had come/,
    ],
    ["Scenario never answers", "hang", { origin: "api" }, /did not answer within the time/],
  ] as const)("when %s", async (_, fault, options, message) => {
    await using world = await startWorld()
    const bytes = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(5_000_000, 7)])
    const assetId = world.simulator.addAsset({ kind: "image", mimeType: "image/png", bytes })
    world.simulator.faults.rate(fault, 1, options)
    const { value, ms } = await measure(
      catchFailure(world.call("hydrators.assetFile", { inputData: { assetId } })),
    )
    expect(value).toMatchObject({ name: "AppError", message: expect.stringMatching(message) })
    expect(ms).toBeLessThan(inTimeMs)
    expect(world.zapier.stashed()).toEqual([])
  })

  it("unless the CDN was silent for a while only", async () => {
    await using world = await startWorld()
    const assetId = world.simulator.addAsset({ kind: "image" })
    world.simulator.faults.next("hang", { origin: "cdn", times: 2 })
    const { ms } = await measure(world.call("hydrators.assetFile", { inputData: { assetId } }))
    expect(ms).toBeLessThan(inTimeMs)
    expect(world.zapier.stashed()).toHaveLength(1)
  })
})
