import { assert, it } from "vitest"
import { fitted, printable, printableLines, shortened } from "./cells.ts"

it("fits text into cells, ideograms and accents counted as they are shown", () => {
  assert.deepStrictEqual(
    [
      fitted("fox", 5),
      fitted("漢字漢字", 6),
      fitted("e\u0301e\u0301", 3),
      shortened("a fox", 3),
      shortened("fox", 0),
    ],
    ["fox  ", "漢字… ", "e\u0301e\u0301 ", "a …", ""],
  )
})

it("takes out what would steer a terminal", () => {
  assert.strictEqual(printable("a\u001B[31mb\nc\u009B"), "a [31mb c ")
  assert.strictEqual(printableLines("a\tb\r\nc\u0007d"), "a\tb\nc d")
})
