import { assert, describe, it } from "vitest"
import { toElements, toFilledList, toList, toNumber, toText } from "../nodes/Scenario/values.ts"

describe("what a parameter holds", () => {
  it("is a list by commas, by lines, as JSON, or as an expression gives it", () => {
    const list = ["one", "two three", "four"]
    assert.deepStrictEqual(toList("one, two three,four"), list)
    assert.deepStrictEqual(toList("one\ntwo three\nfour\n"), list)
    assert.deepStrictEqual(toList('["one", "two three", "four"]'), list)
    assert.deepStrictEqual(toList(list), list)
    assert.deepStrictEqual(toList(undefined), [])
  })

  it("keeps links and data URLs whole, commas and all", () => {
    const link = "https://cdn.example.com/a,b.png?x=1,2"
    const dataUrl = "data:image/png;base64,AAAA"
    assert.deepStrictEqual(toList(`${link}, ${dataUrl}`), [link, dataUrl])
    assert.deepStrictEqual(toList(`data, ${link}`), ["data", link])
  })

  it("keeps elements as they are if more than text is wanted", () => {
    assert.deepStrictEqual(toElements("[1, 2.5]"), [1, 2.5])
    assert.deepStrictEqual(toElements([{ a: 1 }]), [{ a: 1 }])
    assert.deepStrictEqual(toElements(7), [7])
  })

  it("is nothing if nothing was entered", () => {
    assert.isUndefined(toText("  "))
    assert.isUndefined(toNumber(""))
    assert.isUndefined(toFilledList(" , "))
    assert.strictEqual(toNumber("2.5"), 2.5)
    assert.strictEqual(toText(7), "7")
  })
})
