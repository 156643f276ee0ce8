import { assert, describe, it } from "@effect/vitest"
import { ReadAhead } from "./ReadAhead.ts"

const chunk = new Uint8Array(65_536)

/** Whether it has called back by now, and how many chunks there were to take. */
const taker = (bytes: ReadAhead) => {
  const taken: Array<number> = []
  bytes.whenSome(() => taken.push(bytes.take().length))
  return taken
}

const filled = (chunks: number): ReadAhead => {
  const bytes = new ReadAhead()
  for (let index = 0; index < chunks; index++) bytes.push(chunk)
  return bytes
}

describe("ReadAhead", () => {
  it("hands out many chunks at once, whoever of the two comes first", () => {
    const early = new ReadAhead()
    const taken = taker(early)
    for (let index = 0; index < 8; index++) early.push(chunk)
    assert.deepStrictEqual(taken, [8])
    assert.deepStrictEqual(taker(filled(8)), [8])
  })

  it("has no room once there is plenty, and calls back when that was taken", () => {
    const bytes = filled(8)
    let calls = 0
    assert.isFalse(bytes.hasRoom)
    bytes.whenRoom(() => calls++)
    assert.strictEqual(calls, 0)
    bytes.take()
    assert.strictEqual(calls, 1)
    assert.isTrue(bytes.hasRoom)
  })

  it("calls back at once where there is room already", () => {
    let calls = 0
    filled(7).whenRoom(() => calls++)
    assert.strictEqual(calls, 1)
  })

  it("hands out what is left, and then says that it is through", () => {
    const bytes = filled(3)
    bytes.finish()
    assert.isUndefined(bytes.end)
    assert.deepStrictEqual(taker(bytes), [3])
    assert.deepStrictEqual(taker(bytes), [0])
    assert.deepStrictEqual(bytes.end, {})
  })

  it("hands out what came before it broke off, and then the first reason why it did", () => {
    const bytes = filled(3)
    bytes.finish({ error: "cut" })
    bytes.finish({ error: "nobody reads it any more" })
    assert.deepStrictEqual(taker(bytes), [3])
    assert.deepStrictEqual(bytes.end, { error: "cut" })
  })

  it("reads nothing more once it is over", () => {
    const bytes = filled(8)
    let calls = 0
    bytes.whenRoom(() => calls++)
    bytes.finish()
    bytes.take()
    assert.strictEqual(calls, 0)
    assert.isFalse(bytes.hasRoom)
  })

  it("keeps a few bytes back until it is asked to hand them out", () => {
    const bytes = new ReadAhead()
    const taken = taker(bytes)
    bytes.push(chunk)
    assert.deepStrictEqual(taken, [])
    bytes.hand()
    assert.deepStrictEqual(taken, [1])
  })

  it("is silent while it waits in vain, and not while nobody takes what it has", () => {
    const waiting = filled(1)
    assert.isFalse(waiting.isSilent())
    assert.isTrue(waiting.isSilent())
    const full = filled(8)
    assert.isFalse(full.isSilent())
    assert.isFalse(full.isSilent())
  })

  it("tells whoever waits that it is over, at once", () => {
    const bytes = new ReadAhead()
    taker(bytes)
    let isOver = false
    bytes.whenSome(() => {
      isOver = bytes.end?.error === "stalled"
    })
    bytes.finish({ error: "stalled" })
    assert.isTrue(isOver)
  })
})
