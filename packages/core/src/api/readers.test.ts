import { assert, describe, it } from "vitest"
import { amount, makeListReader, listOfAll, nonEmptyText, makeObjectReader, oneOf, text } from "./readers.ts"

describe("a reader of JSON", () => {
  it("leaves out optional fields and list elements that it can't read", () => {
    const read = makeObjectReader({ name: text, tags: makeListReader(text) }, { id: nonEmptyText })
    assert.deepStrictEqual(read({ id: "1", name: 7, tags: ["a", null, "b"], more: true }), {
      id: "1",
      tags: ["a", "b"],
    })
  })

  it("rejects an object without a required field, and values that aren't objects", () => {
    const read = makeObjectReader({}, { id: nonEmptyText })
    for (const value of [{}, { id: "" }, { id: null }, [], ["id"], "id", null, undefined, 7]) {
      assert.isUndefined(read(value))
    }
  })

  it("rejects a list with one wrong element if the list must be complete", () => {
    assert.deepStrictEqual(listOfAll(text)([]), [])
    assert.deepStrictEqual(listOfAll(text)(["a"]), ["a"])
    for (const value of [["a", 1], "a", null]) assert.isUndefined(listOfAll(text)(value))
  })

  it("reads amounts that are written as text", () => {
    assert.deepStrictEqual([1.5, "1.5", " ", "x", Infinity, null].map(amount), [
      1.5,
      1.5,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it("reads only the given words", () => {
    assert.strictEqual(oneOf("POST", "PUT")("PUT"), "PUT")
    assert.isUndefined(oneOf("POST", "PUT")("GET"))
  })
})
