import { assert, describe, it } from "vitest"
import { describeBody, readErrorBody } from "./ErrorBody.ts"

const readDetail = (body: unknown): string => readErrorBody(body, 502).detail

describe("readErrorBody", () => {
  it.each(["<", "<title", "<title>", "</title", "< ", " ", "<a <a>"])(
    "reads a megabyte of %j at once, although a quadratic pattern would take hours",
    (piece) => {
      assert.isAtMost(readDetail(piece.repeat(1_000_000 / piece.length)).length, 300)
      assert.isAtMost(readDetail({ message: piece.repeat(1_000_000 / piece.length) }).length, 300)
    },
  )

  it("reads a page's title, or else its words", () => {
    assert.strictEqual(
      readDetail("<html><head><title>\n 502 Bad\nGateway </title></head>"),
      "502 Bad Gateway",
    )
    assert.strictEqual(readDetail("<p>Try <b>later</b></p><title></title>"), "Try later")
    assert.strictEqual(readDetail("<p>1 < 2</p>"), "1 < 2")
  })

  it("reads a body that is nested a hundred thousand times", () => {
    const deep: unknown = JSON.parse(`${'{"reason":'.repeat(100_000)}1${"}".repeat(100_000)}`)
    assert.isString(readDetail(deep))
    assert.isString(describeBody(deep))
  })
})
