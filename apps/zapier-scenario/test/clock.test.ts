import { describe, expect, it } from "vitest"
import { at, failureOf, generate, performGenerate, startWorld } from "./zapier.ts"

const elapsed = async <A>(running: Promise<A>) => {
  const begunAt = performance.now()
  const value = await running
  return { value, ms: performance.now() - begunAt }
}

/** The step's own limit is 25 s, and Zapier's 30. */
const inTimeMs = 27_500

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
      elapsed(world.call(performGenerate, generate({}))),
      elapsed(failureOf(world.call(performGenerate, generate({ model: "model_flux-composer" })))),
      elapsed(failureOf(world.call(performGenerate, generate({ model: "model_scribe-llm" })))),
      elapsed(failureOf(world.call("creates.import_asset.operation.perform", { inputData: file }))),
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
