import { assert, describe, it } from "vitest"
import { isOnStep, isWithin, readAmount } from "./amounts.ts"

describe("readAmount", () => {
  it.each([
    ["6687881544318117707", 6687881544318117707n],
    [6687881544318117707n, 6687881544318117707n],
    ["-9223372036854775808", -9223372036854775808n],
    ["+7", 7],
    [7n, 7],
    [" 1.5e3 ", 1500],
    [0.25, 0.25],
    ["18446744073709551616", undefined],
    [2 ** 60, undefined],
    ["12345678901234567890.5", undefined],
    ["seven", undefined],
    ["", undefined],
    [true, undefined],
  ])("reads %s as %s", (value, expected) => {
    assert.strictEqual(readAmount(value), expected)
  })
})

describe("bounds and steps", () => {
  it("are compared exactly", () => {
    assert.isTrue(isWithin(18446744073709551615n, 0, "18446744073709551615"))
    assert.isFalse(isWithin(18446744073709551615n, 0, "18446744073709551614"))
    assert.isFalse(isWithin(-1, "0", undefined))
    assert.isTrue(isOnStep(18446744073709551614n, 0, 2))
    assert.isFalse(isOnStep(18446744073709551615n, 0, 2))
    assert.isTrue(isOnStep(0.3, 0, 0.1))
  })
})
