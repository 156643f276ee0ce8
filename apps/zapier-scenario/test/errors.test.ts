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

/** A fault, and the error that Zapier shows. `paid`: the number of paid jobs. */
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
  ["the key is wrong", ["unauthorized", { times: 9 }], "ExpiredAuthError", /API key and the API secret/, 0],
  ["the key isn't allowed", ["forbidden", { path: "/generate/" }], "AppError", /doesn't allow/, 0],
  ["the plan doesn't cover it", ["plan-required"], "AppError", /plan or its compute units/, 0],
  ["too many jobs run", ["concurrency-limited", { times: 99 }], "ThrottledError", /Too many generations/, 0],
  [
    "the ceiling has no name",
    ["concurrency-unnamed", { times: 99 }],
    "ThrottledError",
    /Too many generations/,
    0,
  ],
  ["the model needs another plan", ["model-restricted"], "AppError", /plan or its compute units/, 0],
  [
    "the gateway denies the key",
    ["access-denied", { times: 9 }],
    "ExpiredAuthError",
    /API key and the API secret/,
    0,
  ],
  ["the base URL is wrong", ["missing-token", { times: 9 }], "AppError", /nothing at this address/, 0],
  ["Scenario asks to pause", ["cooldown"], "ThrottledError", /900/, 0],
]

describe("Generate Asset fails before it pays", () => {
  it.each(refusals)("when %s", async (...refusal) => {
    expect(await runWithFault(refusal)).toEqual(expected(refusal))
  })

  it("when inputs are wrong, and names each by its label", async () => {
    const failure = await catchFailure(
      world.call(performGenerate, generate({ in_numOutputs: 99, in_quality: "best" })),
    )
    expect(failure.name).toBe("AppError")
    expect(failure.message).toMatch(/Outputs.*from 1 to 10, got 99\..*Quality: /)
    const json = await catchFailure(
      world.call(performGenerate, generate({ additionalInputs: '{"promt": "x"}' })),
    )
    expect(json.message).toMatch(/Did you mean `prompt`/)
    expect(world.simulator.ledger().paidJobs).toBe(0)
  })

  it("when the model doesn't exist", async () => {
    const failure = await catchFailure(world.call(performGenerate, generate({ model: "model_none" })))
    expect(failure).toMatchObject({
      name: "AppError",
      message: expect.stringMatching(/doesn't have this model/),
    })
  })

  it.each([
    ["failure", /Out of paint\. /],
    ["canceled", /was canceled/],
  ] as const)(
    "and halts the Zap with the generation's ID when the job ends in %s",
    async (outcome, message) => {
      world.simulator.planNextJob({ durationMs: 1_000, outcome, error: "Out of paint" })
      const failure = await catchFailure(world.call(performGenerate, generate({})))
      expect(failure.name).toBe("HaltedError")
      expect(failure.message).toMatch(message)
      expect(failure.message).toMatch(/job_\w+/)
      expect(world.simulator.ledger().paidJobs).toBe(1)
    },
  )
})

const lostResponses: ReadonlyArray<Case> = [
  [
    "the response to the submit is lost",
    ["lost-response"],
    "HaltedError",
    /job_\w+.*instead of generating again/,
    1,
  ],
  ["Scenario fails after it accepted the submit", ["lost-response-then-5xx"], "HaltedError", /job_\w+/, 1],
  ["the response has no job", ["missing-job-id"], "HaltedError", /job_\w+/, 1],
  ["the response isn't JSON", ["malformed-json", { path: "/generate/" }], "HaltedError", /job_\w+/, 1],
  [
    "Scenario fails before it accepted the submit",
    ["server-error", { path: "/generate/" }],
    "HaltedError",
    /uncertain/,
    0,
  ],
  ["a gateway responds instead", ["bad-gateway-html", { path: "/generate/" }], "HaltedError", /uncertain/, 0],
  ["the connection breaks", ["connection-reset", { path: "/generate/" }], "HaltedError", /uncertain/, 0],
]

describe("a ceiling of running jobs", () => {
  it("ends the step at once and unpaid, and Zapier retries it", async () => {
    await using busy = await startWorld({ parallelCustomJobs: 1 })
    busy.simulator.planNextJob({ durationMs: 600_000 })
    await busy.call("creates.start_generation.operation.perform", generate({}))
    const startedAt = performance.now()
    const failure = await catchFailure(busy.call(performGenerate, generate({})))
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(failure).toMatchObject({
      name: "ThrottledError",
      message: expect.stringMatching(/Too many generations.*Zapier runs the step again later/),
    })
    expect(busy.simulator.ledger().paidJobs).toBe(1)
  })
})

describe("a lost response to a submit", () => {
  it.each(lostResponses)("halts the Zap and doesn't pay again when %s", async (...lost) => {
    expect(await runWithFault(lost)).toEqual(expected(lost))
  })
})

describe("an error after the submit", () => {
  it.each([
    ["the key is refused from then on", "unauthorized"],
    ["the key isn't allowed to read jobs", "forbidden"],
    ["the job no longer exists", "vanished-job"],
  ] as const)("halts the Zap with the generation's ID when %s", async (_, fault) => {
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next(fault, { path: /\/v1\/jobs/, times: 99 })
    const failure = await catchFailure(world.call(performGenerate, generate({ in_numOutputs: 2 })))
    expect(failure.name).toBe("HaltedError")
    expect(failure.message).toMatch(/job_\w+/)
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })

  it("doesn't happen if one file is refused, and the other files are returned", async () => {
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next("missing-in-bulk")
    world.simulator.faults.next("forbidden", { path: /\/assets\/asset_/, times: 99 })
    const { results } = await world.call(performGenerate, generate({ in_numOutputs: 2 }))
    expect(results).toMatchObject({ finished: true, assets: [{ id: expect.stringMatching(/^asset_/) }] })
    expect(at(results, "message")).toMatch(/1 of its 2 files is missing: asset_\w+/)
  })

  it("doesn't happen while polls fail for a short time", async () => {
    world.simulator.planNextJob({ durationMs: 1_000 })
    world.simulator.faults.next("server-error", { path: /\/v1\/jobs/, times: 2 })
    const { results } = await world.call(performGenerate, generate({}))
    expect(results).toMatchObject({ finished: true })
    expect(world.simulator.ledger().paidJobs).toBe(1)
  })
})
