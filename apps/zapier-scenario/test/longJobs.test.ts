import { describe, expect, it } from "vitest"
import { generationSample } from "../src/outputs/generationOutput.ts"
import { at, catchFailure, generate, getKeys, performGenerate, startWorld } from "./zapier.ts"

const find = (generation: unknown, more: Record<string, unknown> = {}, meta: Record<string, unknown> = {}) =>
  ["searches.find_generation.operation.perform", { inputData: { generation, ...more }, meta }] as const

describe("a job that takes longer than a step", () => {
  it("is returned unfinished, then held or returned by Find Generation, and found when it is finished", async () => {
    await using world = await startWorld()
    world.simulator.planNextJob({ durationMs: 40_000 })
    const started = await world.call("creates.start_generation.operation.perform", generate({}))
    const id = String(at(started.results, "id"))
    expect(started.results).toMatchObject({ finished: false, message: expect.stringContaining(id) })
    expect(getKeys(started.results)).toEqual(Object.keys(generationSample))

    world.simulator.planNextJob({ durationMs: 300_000 })
    const old = world.simulator.addJob({ ageMs: 40 * 60_000, durationMs: 60 * 60_000 })
    const [late, returned, held, tooOld, inEditor] = await Promise.all([
      world.call(performGenerate, generate({})),
      world.call(...find(id)),
      catchFailure(world.call(...find(id, { ifNotFinished: "wait" }))),
      catchFailure(world.call(...find(old, { ifNotFinished: "wait" }))),
      world.call(...find(id, { ifNotFinished: "wait" }, { isLoadingSample: true })),
    ])
    expect(late.status).toBe("SUCCESS")
    expect(late.results).toMatchObject({
      finished: false,
      status: expect.stringMatching(/queued|in-progress/),
      assets: [],
    })
    expect(getKeys(late.results)).toEqual(Object.keys(generationSample))
    expect(returned.results).toMatchObject([{ id, finished: false, status: "in-progress" }])
    expect(held.name).toBe("ThrottledError")
    expect(held.message).toMatch(/"delay":60/)
    expect(tooOld).toMatchObject({ name: "HaltedError", message: expect.stringMatching(/half an hour/) })
    expect(inEditor.results).toMatchObject([{ id, finished: false }])

    const found = await world.call(...find(id, { ifNotFinished: "wait" }))
    expect(found.results).toMatchObject([{ id, finished: true, status: "success" }])
    expect(at(found.results, 0, "file")).toContain("hydrate|||")
    expect(world.simulator.ledger().paidJobs).toBe(2)
  })
})
