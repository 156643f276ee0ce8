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

const cases: ReadonlyArray<
  readonly [title: string, fault: Fault, name: string, message: RegExp, paid: number]
> = [
  [
    "the answer to the submit is lost",
    ["lost-response"],
    "HaltedError",
    /job_\w+.*instead of submitting again/,
    1,
  ],
  ["Scenario breaks after it took it", ["lost-response-then-5xx"], "HaltedError", /job_\w+/, 1],
  ["the answer has no job in it", ["missing-job-id"], "HaltedError", /job_\w+/, 1],
  ["the answer is no JSON", ["malformed-json", { path: "/generate/" }], "HaltedError", /job_\w+/, 1],
  [
    "Scenario breaks before it took it",
    ["server-error", { path: "/generate/" }],
    "HaltedError",
    /not certain/,
    0,
  ],
  ["a gateway answers for it", ["bad-gateway-html", { path: "/generate/" }], "HaltedError", /not certain/, 0],
  ["the connection breaks", ["connection-reset", { path: "/generate/" }], "HaltedError", /not certain/, 0],
]

describe("when the answer to a submit is lost", () => {
  it.each(cases)(
    "%s: halts the Zap, and does not pay again",
    async (_, [fault, options], name, message, paid) => {
      world.simulator.faults.next(fault, options)
      const failure = await failureOf(world.call(performGenerate, generate({})))
      expect(failure.name).toBe(name)
      expect(failure.message).toMatch(message)
      expect(world.simulator.ledger().paidJobs).toBe(paid)
    },
  )
})
