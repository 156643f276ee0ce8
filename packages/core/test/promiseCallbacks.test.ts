import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, it } from "vitest"
import { CallbackFailed } from "../src/promise.ts"
import { expectError, expectInstance, redHouse, useWorld } from "./support/promiseWorld.ts"

const world = useWorld()
const unhandled: Array<unknown> = []
const note = (reason: unknown) => unhandled.push(reason)

beforeAll(() => void process.on("unhandledRejection", note))
afterAll(() => void process.off("unhandledRejection", note))

beforeEach(() => unhandled.splice(0))
afterEach(async () => {
  await new Promise(setImmediate)
  assert.deepStrictEqual(unhandled, [])
})

const broken = new Error("the database is down")

const failing = [
  ["rejects", () => Promise.reject(broken)],
  [
    "throws",
    () => {
      throw broken
    },
  ],
] as const

describe("a callback", () => {
  it("is awaited before the call continues", async () => {
    const order: Array<string> = []
    const later = (name: string) => async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(`${name} ends`)
    }
    await world.scenario.generate(redHouse, {
      onSubmitted: later("submitted"),
      onUpdate: ({ _tag }) => later(_tag)(),
    })
    assert.deepStrictEqual(order.slice(0, 2), ["submitted begins", "submitted ends"])
    for (let at = 0; at < order.length; at += 2) {
      assert.strictEqual(order[at]?.replace("begins", "ends"), order[at + 1])
    }
  })

  it.each(failing)("of a submit that %s fails it with the job", async (_, onSubmitted) => {
    const error = await expectInstance(world.scenario.submit(redHouse, { onSubmitted }), CallbackFailed)
    assert.strictEqual(error.callback, "onSubmitted")
    assert.strictEqual(error.cause, broken)
    assert.strictEqual(error.job?.jobId, world.simulator.ledger().entries.at(-1)?.jobId)
  })

  it.each(failing)("of a wait that %s fails it with the job, and the job continues", async (_, onUpdate) => {
    world.simulator.planNextJob({ durationMs: 600_000 })
    const { job } = await world.scenario.submit(redHouse)
    const error = await expectInstance(world.scenario.waitFor(job, { onUpdate }), CallbackFailed)
    assert.strictEqual(error.job?.jobId, job.jobId)
    assert.notStrictEqual((await world.scenario.jobs.get(job)).status, "canceled")
  })

  it.each(failing)("of a download that %s fails it", async (_, onProgress) => {
    const download = world.scenario.download(world.simulator.addAsset(), { onProgress })
    const error = await expectError(download.next(), "CallbackFailed")
    assert.strictEqual(error.cause, broken)
  })
})
