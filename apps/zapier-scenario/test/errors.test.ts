import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { failureOf, generate, performGenerate, startWorld, type World } from "./zapier.ts"

type Fault = readonly [FaultName, FaultOptions?]

let world: World
beforeAll(async () => {
  // Looking for a lost job compares clocks: they must run alike.
  world = await startWorld({ speed: 1 })
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.simulator.reset()
})

/** What happens, and how Zapier hears of it. `paid`: how many jobs Scenario was paid for. */
const cases: ReadonlyArray<
  readonly [title: string, fault: Fault, name: string, message: RegExp, paid: number]
> = [
  ["the key is wrong", ["unauthorized", { times: 9 }], "ExpiredAuthError", /API key and secret/, 0],
  ["the key may not", ["forbidden", { path: "/generate/" }], "AppError", /does not allow/, 0],
  ["the plan does not cover it", ["plan-required"], "AppError", /plan or the credit/, 0],
  ["too many jobs run", ["concurrency-limited", { times: 99 }], "ThrottledError", /Too many jobs/, 0],
  ["Scenario asks to pause", ["cooldown"], "ThrottledError", /900/, 0],
]

describe("an error of Generate Asset", () => {
  it.each(cases)("when %s", { timeout: 40_000 }, async (_, [fault, options], name, message, paid) => {
    world.simulator.faults.next(fault, options)
    const failure = await failureOf(world.call(performGenerate, generate({})))
    expect(failure.name).toBe(name)
    expect(failure.message).toMatch(message)
    expect(world.simulator.ledger().paidJobs).toBe(paid)
  })

  it("when the inputs are wrong: says which, and sends nothing", async () => {
    const failure = await failureOf(
      world.call(performGenerate, generate({ in_numOutputs: 99, in_quality: "best" })),
    )
    expect(failure.name).toBe("AppError")
    expect(failure.message).toMatch(/numOutputs.*from 1 to 10.*quality/)
    const json = await failureOf(
      world.call(performGenerate, generate({ additionalInputs: '{"promt": "x"}' })),
    )
    expect(json.message).toMatch(/did you mean prompt/)
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  it("when there is no such model", async () => {
    const failure = await failureOf(world.call(performGenerate, generate({ model: "model_none" })))
    expect(failure).toMatchObject({ name: "AppError", message: expect.stringMatching(/does not know/) })
  })

  it.each([
    ["failure", /Out of paint\. Its compute units were given back/],
    ["canceled", /was canceled/],
  ] as const)("when the job ends in %s: halts softly, with the job", async (outcome, message) => {
    world.simulator.planNextJob({ durationMs: 1_000, outcome, error: "Out of paint" })
    const failure = await failureOf(world.call(performGenerate, generate({})))
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(message)
    expect(failure.message).toMatch(/job_\w+/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})
