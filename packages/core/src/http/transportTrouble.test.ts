import { assert, describe, it } from "vitest"
import { readTransportTrouble } from "./transportTrouble.ts"

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error(`secret in the text ${code}`), { code, ...more })

describe("readTransportTrouble", () => {
  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "CERT_HAS_EXPIRED"])(
    "knows that nothing was sent after %s, however deep it lies",
    (code) => {
      assert.isTrue(readTransportTrouble(new TypeError("fetch failed", { cause: coded(code) })).neverSent)
    },
  )

  it.each(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ETIMEDOUT", "ECONNABORTED", "SOMETHING_NEW"])(
    "takes it for possible that the request arrived after %s",
    (code) => {
      assert.isFalse(readTransportTrouble(coded(code)).neverSent)
    },
  )

  it("needs every one of several attempts to have failed before sending", () => {
    const mixed = new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")])
    const refused = new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH")])
    assert.isFalse(readTransportTrouble(mixed).neverSent)
    assert.isTrue(readTransportTrouble(refused).neverSent)
  })

  it("takes a time-out for harmless only while connecting", () => {
    assert.isTrue(readTransportTrouble(coded("ETIMEDOUT", { syscall: "connect" })).neverSent)
    assert.isFalse(readTransportTrouble(coded("ETIMEDOUT", { syscall: "read" })).neverSent)
  })

  it("takes what it does not understand for possibly sent", () => {
    for (const thrown of [undefined, "text", new Error("boom"), { cause: null }]) {
      assert.isFalse(readTransportTrouble(thrown).neverSent)
    }
  })

  it("does not repeat the transport's own text", () => {
    assert.notInclude(readTransportTrouble(coded("ECONNRESET")).detail, "secret")
  })
})
