import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { assert, describe, it as test } from "vitest"
import { LargeInteger, parseJson, writeJson } from "./json.ts"

describe("parseJson", () => {
  test.each([
    ['{"seed":6687881544318117707}', { seed: "6687881544318117707" }],
    [
      '{"seed": -9223372036854775808, "next":[18446744073709551615]}',
      {
        seed: "-9223372036854775808",
        next: ["18446744073709551615"],
      },
    ],
    ["6687881544318117707", "6687881544318117707"],
    ['{"a":9007199254740991,"b":9007199254740992}', { a: 9007199254740991, b: "9007199254740992" }],
    [
      '{"a":0.1234567890123456789,"b":1e300,"c":12345678901234567890.5}',
      {
        a: 0.12345678901234568,
        b: 1e300,
        c: 12345678901234567000,
      },
    ],
    [
      '{"text":"a: 6687881544318117707, \\"b\\": [6687881544318117707]","n":6687881544318117707}',
      {
        text: 'a: 6687881544318117707, "b": [6687881544318117707]',
        n: "6687881544318117707",
      },
    ],
  ])("keeps every digit of %s", (text, expected) => {
    assert.deepStrictEqual(parseJson(text), expected)
  })

  it.effect.prop(
    "reads everything else as JSON.parse does",
    { value: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])) },
    ({ value }) =>
      Effect.sync(() => {
        if (Object.values(value).some((one) => Number.isInteger(one) && !Number.isSafeInteger(one))) return
        const plain = JSON.stringify(value)
        const read = parseJson(`{"value":${plain},"large":6687881544318117707}`)
        assert.deepStrictEqual(read, { value: JSON.parse(plain), large: "6687881544318117707" })
      }),
    { arbitrary: { runs: 200 } },
  )

  test("throws if the text isn't JSON", () => {
    assert.throws(() => parseJson('{"seed":6687881544318117707'), SyntaxError)
  })
})

describe("writeJson", () => {
  const seed = new LargeInteger(6687881544318117707n)

  test("writes large integers as numbers", () => {
    assert.strictEqual(
      writeJson({ seed, list: [18446744073709551615n, 7], text: "6687881544318117707" }),
      '{"seed":6687881544318117707,"list":[18446744073709551615,7],"text":"6687881544318117707"}',
    )
  })

  test("writes everything else as JSON.stringify does", () => {
    const value = { at: new Date(0), none: undefined, list: [undefined, null], text: "\u0000\u2028" }
    assert.strictEqual(writeJson(value), JSON.stringify(value))
  })

  test("leaves a large integer as text for JSON.stringify and String", () => {
    assert.strictEqual(JSON.stringify({ seed }), '{"seed":"6687881544318117707"}')
    assert.strictEqual(String(seed), "6687881544318117707")
  })
})
