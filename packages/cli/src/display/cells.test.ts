import { assert, it } from "vitest"
import { fitToCells, toPrintable, toPrintableLines, shortenToCells } from "./cells.ts"

it("counts an ideogram as two cells and an accent as none", () => {
  assert.deepStrictEqual(
    [
      fitToCells("fox", 5),
      fitToCells("漢字漢字", 6),
      fitToCells("e\u0301e\u0301", 3),
      shortenToCells("a fox", 3),
      shortenToCells("fox", 0),
    ],
    ["fox  ", "漢字… ", "e\u0301e\u0301 ", "a …", ""],
  )
})

it("removes control characters", () => {
  assert.strictEqual(toPrintable("a\u001B[31mb\nc\u009B"), "a [31mb c ")
  assert.strictEqual(toPrintableLines("a\tb\r\nc\u0007d"), "a\tb\nc d")
})
