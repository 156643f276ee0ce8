import { assert, describe, it } from "vitest"
import { VirtualTime } from "./VirtualTime.ts"
import { createWorkload } from "./workload.ts"

describe("VirtualTime", () => {
  it("runs timers in order without waiting, and restores the real clock", async () => {
    const time = new VirtualTime()
    const begun = Date.now()
    const order: Array<number> = []
    const passed = await time.run(async () => {
      const before = Date.now()
      const sleeps = [3_600_000, 1_000, 60_000].map(async (ms) => {
        await new Promise((resolve) => setTimeout(resolve, ms))
        order.push(ms)
      })
      await Promise.all(sleeps)
      return Date.now() - before
    })
    assert.strictEqual(passed, 3_600_000)
    assert.deepStrictEqual(order, [1_000, 60_000, 3_600_000])
    assert.isBelow(Date.now() - begun, 5_000)
  })

  it("repeats the same random numbers in every run, and restores Math.random", async () => {
    const draw = () => new VirtualTime().run(() => Promise.resolve(Math.random()))
    assert.strictEqual(await draw(), await draw())
    assert.notStrictEqual(Math.random(), Math.random())
  })

  it("fails if no timer is left", async () => {
    const stuck = new VirtualTime().run(() => new Promise(() => undefined))
    const error = await stuck.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.instanceOf(error, Error)
  })
})

describe("the workload", () => {
  it("is the same for the same seed", () => {
    assert.deepStrictEqual(createWorkload("video", 20, 3), createWorkload("video", 20, 3))
  })
})
