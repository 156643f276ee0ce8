import type { FaultName, FaultOptions } from "@scenario-automation/simulator"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { at, catchFailure, generate, performGenerate, startWorld, type World } from "./zapier.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  world.simulator.reset()
})

type Fault = readonly [FaultName, FaultOptions?]

/** What happens, and how Zapier hears of it. `paid`: how many jobs Scenario was paid for. */
type Case = readonly [title: string, fault: Fault, name: string, message: RegExp, paid: number]

const runWithFault = async ([, [fault, options]]: Case) => {
  world.simulator.faults.next(fault, options)
  const { name, message } = await catchFailure(world.call(performGenerate, generate({})))
  return { name, message, paid: world.simulator.ledger().paidJobs }
}
const expected = ([, , name, message, paid]: Case) => ({
  name,
  message: expect.stringMatching(message),
  paid,
})

const refusals: ReadonlyArray<Case> = [
  ["the key is wrong", ["unauthorized", { times: 9 }], "ExpiredAuthError", /API key and secret/, 0],
  ["the key may not", ["forbidden", { path: "/generate/" }], "AppError", /does not allow/, 0],
  ["the plan does not cover it", ["plan-required"], "AppError", /plan or the credit/, 0],
  ["too many jobs run", ["concurrency-limited", { times: 99 }], "ThrottledError", /Too many jobs/, 0],
  ["Scenario asks to pause", ["cooldown"], "ThrottledError", /900/, 0],
]

describe("an error of Generate Asset", () => {
  it.each(refusals)("when %s", async (...refusal) => {
    expect(await runWithFault(refusal)).toEqual(expected(refusal))
  })

  it("when the inputs are wrong: says which, and sends nothing", async () => {
    const failure = await catchFailure(
      world.call(performGenerate, generate({ in_numOutputs: 99, in_quality: "best" })),
    )
    expect(failure.name).toBe("AppError")
    expect(failure.message).toMatch(/numOutputs.*from 1 to 10.*quality/)
    const json = await catchFailure(
      world.call(performGenerate, generate({ additionalInputs: '{"promt": "x"}' })),
    )
    expect(json.message).toMatch(/did you mean prompt/)
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  it("when there is no such model", async () => {
    const failure = await catchFailure(world.call(performGenerate, generate({ model: "model_none" })))
    expect(failure).toMatchObject({ name: "AppError", message: expect.stringMatching(/does not know/) })
  })

  it.each([
    ["failure", /Out of paint\. /],
    ["canceled", /was canceled/],
  ] as const)("when the job ends in %s: halts softly, with the job", async (outcome, message) => {
    world.simulator.planNextJob({ durationMs: 1_000, outcome, error: "Out of paint" })
    const failure = await catchFailure(world.call(performGenerate, generate({})))
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(message)
    expect(failure.message).toMatch(/job_\w+/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})

const lostAnswers: ReadonlyArray<Case> = [
  [
    "the answer to the submit is lost",
    ["lost-response"],
    "HaltedError",
    /job_\w+.*instead of generating again/,
    1,
  ],
  ["Scenario breaks after it took it", ["lost-response-then-5xx"], "HaltedError", /job_\w+/, 1],
  ["the answer has no job in it", ["missing-job-id"], "HaltedError", /job_\w+/, 1],
  ["the answer is no JSON", ["malformed-json", { path: "/generate/" }], "HaltedError", /job_\w+/, 1],
  [
    "Scenario breaks before it took it",
    ["server-error", { path: "/generate/" }],
    "HaltedError",
    /uncertain/,
    0,
  ],
  ["a gateway answers for it", ["bad-gateway-html", { path: "/generate/" }], "HaltedError", /uncertain/, 0],
  ["the connection breaks", ["connection-reset", { path: "/generate/" }], "HaltedError", /uncertain/, 0],
]

describe("when the answer to a submit is lost", () => {
  it.each(lostAnswers)("%s: halts the Zap, and does not pay again", async (...lost) => {
    expect(await runWithFault(lost)).toEqual(expected(lost))
  })
})

describe("an error after the submit", () => {
  it.each([
    ["the key is refused from then on", "unauthorized"],
    ["the key may not look at jobs", "forbidden"],
    ["the job is unknown from then on", "vanished-job"],
  ] as const)("when %s: halts, with the job", async (_, fault) => {
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next(fault, { path: /\/v1\/jobs/, times: 99 })
    const failure = await catchFailure(world.call(performGenerate, generate({ in_numOutputs: 2 })))
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(/job_\w+/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("is none if one of its files is refused: the others are returned", async () => {
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next("missing-in-bulk")
    world.simulator.faults.next("forbidden", { path: /\/assets\/asset_/, times: 99 })
    const { results } = await world.call(performGenerate, generate({ in_numOutputs: 2 }))
    expect(results).toMatchObject({ finished: true, assets: [{ id: expect.stringMatching(/^asset_/) }] })
    expect(at(results, "message")).toMatch(/1 of its 2 files is missing: asset_\w+/)
  })

  it("is none while looks fail for a passing reason", async () => {
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next("server-error", { path: /\/v1\/jobs/, times: 2 })
    const { results } = await world.call(performGenerate, generate({}))
    expect(results).toMatchObject({ finished: true })
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})
