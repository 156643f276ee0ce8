import { assert, describe, it } from "@effect/vitest"
import { setImmediate } from "node:timers/promises"
import { ReadAhead } from "./ReadAhead.ts"

const chunk = new Uint8Array(65_536)

/** A body of so many chunks, which then ends, fails, or stays silent. */
const bodyOf = (chunks: number, then: "end" | "fail" | "silence") => {
  const body = {
    read: 0,
    async *[Symbol.asyncIterator]() {
      for (; body.read < chunks; body.read++) yield chunk
      if (then === "fail") throw new Error("cut")
      if (then === "silence") await new Promise(() => undefined)
    },
  }
  return body
}

/** What is handed out as soon as the body is left to itself; `undefined` where whoever waits goes on waiting. */
const taken = async (bytes: ReadAhead): Promise<number | undefined> => {
  let count: number | undefined
  bytes.whenSome(() => {
    count = bytes.take().length
  })
  for (let round = 0; round < 20; round++) await setImmediate()
  return count
}

describe("ReadAhead", () => {
  it("hands out many chunks at once, and reads no further than that ahead", async () => {
    const body = bodyOf(100, "end")
    const bytes = new ReadAhead(body)
    assert.strictEqual(await taken(bytes), 8)
    await setImmediate()
    assert.isAtMost(body.read, 17)
  })

  it("hands out what is left, and then says that it is through", async () => {
    const bytes = new ReadAhead(bodyOf(3, "end"))
    assert.strictEqual(await taken(bytes), 3)
    assert.strictEqual(await taken(bytes), 0)
    assert.deepStrictEqual(bytes.end, {})
  })

  it("hands out what came before it broke off, and then why it did", async () => {
    const bytes = new ReadAhead(bodyOf(3, "fail"))
    assert.strictEqual(await taken(bytes), 3)
    assert.instanceOf(bytes.end?.error, Error)
  })

  it("keeps a few bytes back until it is asked to hand them out", async () => {
    const bytes = new ReadAhead(bodyOf(1, "silence"))
    assert.isUndefined(await taken(bytes))
    let count = 0
    bytes.whenSome(() => {
      count = bytes.take().length
    })
    bytes.hand()
    assert.strictEqual(count, 1)
  })

  it("is silent while it waits in vain, and not while nobody takes what it has", async () => {
    const waiting = new ReadAhead(bodyOf(1, "silence"))
    await taken(waiting)
    assert.isFalse(waiting.isSilent())
    assert.isTrue(waiting.isSilent())
    const full = new ReadAhead(bodyOf(100, "end"))
    await taken(full)
    full.isSilent()
    assert.isFalse(full.isSilent())
  })

  it("stops at once, also where the other side never answers", async () => {
    const bytes = new ReadAhead(bodyOf(0, "silence"))
    let isOver = false
    bytes.whenSome(() => {
      isOver = bytes.end?.error === "stalled"
    })
    await setImmediate()
    bytes.stop("stalled")
    assert.isTrue(isOver)
  })
})
