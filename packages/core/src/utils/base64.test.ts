import { assert, describe, it } from "vitest"
import { toBase64 } from "./base64.ts"

describe("toBase64", () => {
  it.each([0, 1, 2, 3, 8_191, 8_192, 100_000])("encodes %i bytes as Node does", (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 131) % 256)
    assert.strictEqual(toBase64(bytes), Buffer.from(bytes).toString("base64"))
  })

  it("encodes text as UTF-8", () => {
    assert.strictEqual(toBase64("clé:ß🔑"), Buffer.from("clé:ß🔑").toString("base64"))
  })
})
