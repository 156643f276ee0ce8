import { assert, describe, it } from "vitest"
import { describeBody, readErrorBody } from "./ErrorBody.ts"

const detailOf = (body: unknown): string => readErrorBody(body, 502).detail

describe("readErrorBody", () => {
  it.each(["<", "<title", "<title>", "</title", "< ", " ", "<a <a>"])(
    "reads a megabyte of %j, which a quadratic pattern would take hours for",
    (piece) => {
      assert.isAtMost(detailOf(piece.repeat(1_000_000 / piece.length)).length, 300)
      assert.isAtMost(detailOf({ message: piece.repeat(1_000_000 / piece.length) }).length, 300)
    },
  )

  it("finds a page's title, and without one its words", () => {
    assert.strictEqual(detailOf("<html><head><title>\n 502 Bad\nGateway </title></head>"), "502 Bad Gateway")
    assert.strictEqual(detailOf("<p>Try <b>later</b></p><title></title>"), "Try later")
    assert.strictEqual(detailOf("<p>1 < 2</p>"), "1 < 2")
  })

  it("survives a body that is nested a hundred thousand times", () => {
    const deep: unknown = JSON.parse(`${'{"reason":'.repeat(100_000)}1${"}".repeat(100_000)}`)
    assert.isString(detailOf(deep))
    assert.isString(describeBody(deep))
  })
})
