import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { failureOf, generate, performGenerate, startWorld, type World } from "./zapier.ts"

let world: World
beforeAll(async () => {
  // Looking for a lost job compares clocks: they must run alike.
  world = await startWorld({ speed: 1 })
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.simulator.reset()
})

describe("an error after the submit", () => {
  it.each([
    ["the key is refused from then on", "unauthorized"],
    ["the key may not look at jobs", "forbidden"],
    ["an asset is not given out", "missing-in-bulk"],
    ["the job is unknown from then on", "vanished-job"],
  ] as const)("when %s: halts, with the job", { timeout: 40_000 }, async (_, fault) => {
    const path = fault === "missing-in-bulk" ? {} : { path: /\/v1\/jobs/, times: 99 }
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next(fault, path)
    if (fault === "missing-in-bulk")
      world.simulator.faults.next("forbidden", { path: /\/assets\/asset_/, times: 99 })
    const failure = await failureOf(world.call(performGenerate, generate({ in_numOutputs: 2 })))
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(/job_\w+/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("is none while looks fail for a passing reason", async () => {
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next("server-error", { path: /\/v1\/jobs/, times: 2 })
    const { results } = await world.call(performGenerate, generate({}))
    expect(results).toMatchObject({ finished: true })
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})
