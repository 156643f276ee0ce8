import { assert, describe, it } from "vitest"
import { ApiError, CallAborted, InvalidInput } from "../src/promise.ts"
import { expectInstance, redHouse, useWorld } from "./support/promiseWorld.ts"

const world = useWorld()

// Not async functions: their frames must be known before anything was awaited.
const callFromHere = <A>(call: () => A): A => call()

const countFrames = (error: Error) => error.stack?.match(/callFromHere/g)?.length ?? 0

describe("the stack of a rejection", () => {
  it("contains the caller after a failed request", async () => {
    const error = await expectInstance(
      callFromHere(() => world.scenario.waitFor("job_unknown")),
      ApiError,
    )
    assert.strictEqual(countFrames(error), 1)
    assert.include(error.stack?.split("\n")[0], error.message)
  })

  it("contains the caller after a wrong input", async () => {
    const error = await expectInstance(
      callFromHere(() => world.scenario.generate({ ...redHouse, inputs: { ...redHouse.inputs, width: 1 } })),
      InvalidInput,
    )
    assert.strictEqual(countFrames(error), 1)
  })

  it("contains the caller once after a wrong option", async () => {
    const error = await expectInstance(
      callFromHere(() => world.scenario.waitFor("job_1", { timeoutMs: -1 })),
      InvalidInput,
    )
    assert.strictEqual(countFrames(error), 1)
  })

  it("contains the caller after an abort", async () => {
    const { job } = await world.scenario.submit(redHouse)
    const signal = AbortSignal.timeout(20)
    const error = await expectInstance(
      callFromHere(() => world.scenario.waitFor(job, { signal })),
      CallAborted,
    )
    assert.strictEqual(countFrames(error), 1)
  })

  it("contains the creator of an iterator", async () => {
    const updates = callFromHere(() => world.scenario.watch("job_unknown"))
    assert.strictEqual(countFrames(await expectInstance(updates.next(), ApiError)), 1)
    const models = callFromHere(() => world.scenario.models.list({ pageSize: -1 }))
    assert.strictEqual(countFrames(await expectInstance(models.next(), InvalidInput)), 1)
    const wrong = callFromHere(() => world.scenario.watch("job_1", { timeoutMs: -1 }))
    assert.strictEqual(countFrames(await expectInstance(wrong.next(), InvalidInput)), 1)
  })
})
