import { describe, expect, it } from "vitest"
import { at, catchFailure, generate, performGenerate, startWorld } from "./zapier.ts"

const measure = async <A>(running: Promise<A>) => {
  const startedAt = performance.now()
  const value = await running
  return { value, ms: performance.now() - startedAt }
}

/** The step's own limit is 25 s, that of a file 27.5, and Zapier's 30. */
const inTimeMs = 28_000

describe("a step is over before Zapier cuts it off", () => {
  it("when requests hang during polls, a reconciliation, a read of the model, or an import", async () => {
    await using world = await startWorld()
    const { faults } = world.simulator
    faults.rate("hang", 1, { path: /\/v1\/jobs/ })
    faults.rate("hang", 1, { path: "/models/model_scribe-llm" })
    faults.rate("hang", 1, { path: "/uploads/upload_" })
    faults.next("lost-response", { path: "model_flux-composer" })

    const file = { file: "https://files.example/a.mp4" }
    const [polling, lost, early, importing] = await Promise.all([
      measure(world.call(performGenerate, generate({}))),
      measure(catchFailure(world.call(performGenerate, generate({ model: "model_flux-composer" })))),
      measure(catchFailure(world.call(performGenerate, generate({ model: "model_scribe-llm" })))),
      measure(catchFailure(world.call("creates.import_asset.operation.perform", { inputData: file }))),
    ])

    expect(polling.value.status).toBe("SUCCESS")
    expect(polling.value.results).toMatchObject({ finished: false, assets: [], file: null })
    expect(at(polling.value.results, "message")).toContain(String(at(polling.value.results, "id")))
    expect(lost.value.name).toBe("HaltedError")
    expect(early.value).toMatchObject({
      name: "AppError",
      message: expect.stringMatching(/didn't answer/),
    })
    expect(importing.value).toMatchObject({
      name: "HaltedError",
      message: expect.stringMatching(/still importing the file \(upload upload_/),
    })
    for (const { ms } of [polling, lost, early, importing]) expect(ms).toBeLessThan(inTimeMs)
    expect(world.simulator.ledger().paidJobs).toBe(2)
  })
})

describe("a download ends before Zapier cuts it off", () => {
  it.each([
    ["the CDN never responds", "hang", { origin: "cdn" }, /0 bytes had arrived/],
    [
      "the CDN's bytes stop",
      "trickle",
      { origin: "cdn", delayMs: 600_000, chunks: 50 },
      /\d+ bytes had arrived/,
    ],
    ["Scenario never responds", "hang", { origin: "api" }, /didn't answer within the time/],
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

  it("and succeeds if the CDN is silent only for a while", async () => {
    await using world = await startWorld()
    const assetId = world.simulator.addAsset({ kind: "image" })
    world.simulator.faults.next("hang", { origin: "cdn", times: 2 })
    const { ms } = await measure(world.call("hydrators.assetFile", { inputData: { assetId } }))
    expect(ms).toBeLessThan(inTimeMs)
    expect(world.zapier.stashed()).toHaveLength(1)
  })
})
