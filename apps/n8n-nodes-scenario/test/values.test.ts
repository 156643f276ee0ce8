import { assert, describe, it } from "vitest"
import { elementsOf, givenList, listOf, numberOf, textOf } from "../nodes/Scenario/values.ts"

describe("what a parameter holds", () => {
  it("is a list by commas, by lines, as JSON, or as an expression gives it", () => {
    const list = ["one", "two three", "four"]
    assert.deepStrictEqual(listOf("one, two three,four"), list)
    assert.deepStrictEqual(listOf("one\ntwo three\nfour\n"), list)
    assert.deepStrictEqual(listOf('["one", "two three", "four"]'), list)
    assert.deepStrictEqual(listOf(list), list)
    assert.deepStrictEqual(listOf(undefined), [])
  })

  it("keeps links and data URLs whole, commas and all", () => {
    const link = "https://cdn.example.com/a,b.png?x=1,2"
    const dataUrl = "data:image/png;base64,AAAA"
    assert.deepStrictEqual(listOf(`${link}, ${dataUrl}`), [link, dataUrl])
    assert.deepStrictEqual(listOf(`data, ${link}`), ["data", link])
  })

  it("keeps elements as they are if more than text is wanted", () => {
    assert.deepStrictEqual(elementsOf("[1, 2.5]"), [1, 2.5])
    assert.deepStrictEqual(elementsOf([{ a: 1 }]), [{ a: 1 }])
    assert.deepStrictEqual(elementsOf(7), [7])
  })

  it("is nothing if nothing was entered", () => {
    assert.isUndefined(textOf("  "))
    assert.isUndefined(numberOf(""))
    assert.isUndefined(givenList(" , "))
    assert.strictEqual(numberOf("2.5"), 2.5)
    assert.strictEqual(textOf(7), "7")
  })
})
