import { assert, describe, it } from "@effect/vitest"
import { ReadAhead } from "./ReadAhead.ts"

const chunk = new Uint8Array(65_536)

/** Takes the chunks on the next callback. Returns how many there were, in a list that is empty until then. */
const takeWhenReady = (bytes: ReadAhead) => {
  const taken: Array<number> = []
  bytes.onReady(() => taken.push(bytes.take().length))
  return taken
}

const fill = (chunks: number): ReadAhead => {
  const bytes = new ReadAhead()
  for (let index = 0; index < chunks; index++) bytes.push(chunk)
  return bytes
}

describe("ReadAhead", () => {
  it("delivers many chunks at once, before or after the taker waits", () => {
    const early = new ReadAhead()
    const taken = takeWhenReady(early)
    for (let index = 0; index < 8; index++) early.push(chunk)
    assert.deepStrictEqual(taken, [8])
    assert.deepStrictEqual(takeWhenReady(fill(8)), [8])
  })

  it("has no room when it is full, and calls the reader back when the chunks are taken", () => {
    const bytes = fill(8)
    let calls = 0
    assert.isFalse(bytes.hasRoom)
    bytes.onRoom(() => calls++)
    assert.strictEqual(calls, 0)
    bytes.take()
    assert.strictEqual(calls, 1)
    assert.isTrue(bytes.hasRoom)
  })

  it("calls the reader back at once if there is room", () => {
    let calls = 0
    fill(7).onRoom(() => calls++)
    assert.strictEqual(calls, 1)
  })

  it("delivers the last chunks, and then reports the end", () => {
    const bytes = fill(3)
    bytes.finish()
    assert.isUndefined(bytes.end)
    assert.deepStrictEqual(takeWhenReady(bytes), [3])
    assert.deepStrictEqual(takeWhenReady(bytes), [0])
    assert.deepStrictEqual(bytes.end, {})
  })

  it("delivers the chunks before an error, and then reports the first error", () => {
    const bytes = fill(3)
    bytes.finish({ error: "cut" })
    bytes.finish({ error: "closed" })
    assert.deepStrictEqual(takeWhenReady(bytes), [3])
    assert.deepStrictEqual(bytes.end, { error: "cut" })
  })

  it("never calls the reader back after the end", () => {
    const bytes = fill(8)
    let calls = 0
    bytes.onRoom(() => calls++)
    bytes.finish()
    bytes.take()
    assert.strictEqual(calls, 0)
    assert.isFalse(bytes.hasRoom)
  })

  it("keeps a few bytes until it is flushed", () => {
    const bytes = new ReadAhead()
    const taken = takeWhenReady(bytes)
    bytes.push(chunk)
    assert.deepStrictEqual(taken, [])
    bytes.flush()
    assert.deepStrictEqual(taken, [1])
  })

  it("is silent while it waits for chunks, but not while it is full", () => {
    const waiting = fill(1)
    assert.isFalse(waiting.wasSilent())
    assert.isTrue(waiting.wasSilent())
    const full = fill(8)
    assert.isFalse(full.wasSilent())
    assert.isFalse(full.wasSilent())
  })

  it("reports the end at once to a waiting taker", () => {
    const bytes = new ReadAhead()
    takeWhenReady(bytes)
    let hasEnded = false
    bytes.onReady(() => {
      hasEnded = bytes.end?.error === "stalled"
    })
    bytes.finish({ error: "stalled" })
    assert.isTrue(hasEnded)
  })
})
