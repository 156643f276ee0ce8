import { assert, describe, it } from "vitest"
import { readTransportTrouble } from "./transportTrouble.ts"

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error(`secret in the text ${code}`), { code, ...more })

const neverSent = (thrown: unknown) => readTransportTrouble(thrown).neverSent

describe("readTransportTrouble", () => {
  it.each(["ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "CERT_HAS_EXPIRED"])(
    "knows that nothing was sent after %s, however deep it lies",
    (code) => {
      assert.isTrue(neverSent(new TypeError("fetch failed", { cause: coded(code) })))
    },
  )

  it.each(["ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT", "EADDRNOTAVAIL", "ECONNRESET"])(
    "knows that nothing was sent after %s only if connecting failed",
    (code) => {
      assert.isTrue(neverSent(coded(code, { syscall: "connect" })))
      assert.isFalse(neverSent(coded(code, { syscall: "read" })))
      assert.isFalse(neverSent(coded(code, { syscall: "write" })))
      assert.isFalse(neverSent(coded(code)))
    },
  )

  it.each([
    "EPIPE",
    "UND_ERR_SOCKET",
    "ECONNABORTED",
    "ERR_INVALID_URL",
    "HPE_INVALID_CONSTANT",
    "SOMETHING_NEW",
  ])("takes it for possible that the request arrived after %s", (code) => {
    assert.isFalse(neverSent(coded(code)))
  })

  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "does not take the code %s for one that it knows",
    (code) => {
      const { detail, neverSent } = readTransportTrouble(coded(code))
      assert.isFalse(neverSent)
      assert.strictEqual(detail, `the connection failed (${code})`)
    },
  )

  it("needs every one of several attempts to have failed before sending", () => {
    const refused = coded("ECONNREFUSED", { syscall: "connect" })
    const unreachable = coded("ENETUNREACH", { syscall: "connect" })
    assert.isTrue(neverSent(new AggregateError([refused, unreachable])))
    assert.isFalse(neverSent(new AggregateError([refused, coded("ECONNRESET", { syscall: "read" })])))
    assert.isFalse(neverSent(new AggregateError([refused, new Error("without a code")])))
    assert.isFalse(neverSent(Object.assign(new AggregateError([refused, "text"]), { code: "ECONNREFUSED" })))
  })

  it("does not take a failed look-up for one when another system call says so", () => {
    assert.isTrue(neverSent(coded("EAI_AGAIN", { syscall: "getaddrinfo" })))
    assert.isFalse(neverSent(coded("EAI_AGAIN", { syscall: "read" })))
  })

  it("reads the system call out of node-fetch's text", () => {
    const text =
      "request to https://api.cloud.scenario.com/v1/jobs failed, reason: connect ECONNREFUSED 127.0.0.1:443"
    const fetchError = Object.assign(new Error(text), {
      code: "ECONNREFUSED",
      errno: "ECONNREFUSED",
      type: "system",
    })
    assert.isTrue(neverSent(fetchError))
    assert.isFalse(
      neverSent(Object.assign(new Error(text.replace("connect", "read")), { code: "ECONNREFUSED" })),
    )
  })

  it("takes Bun's and Deno's refused connections for possibly sent, because they do not prove it", () => {
    const bun = Object.assign(new TypeError("ECONNREFUSED: Unable to connect."), {
      code: "ECONNREFUSED",
      errno: 0,
      path: "http://127.0.0.1:1/",
    })
    const deno = new TypeError("fetch failed", {
      cause: new Error(
        "error sending request for url (http://127.0.0.1:1/): client error (Connect): refused",
      ),
    })
    assert.isFalse(neverSent(bun))
    assert.isFalse(neverSent(deno))
  })

  it("takes what it does not understand for possibly sent", () => {
    const loop: { cause?: unknown } = {}
    loop.cause = loop
    const trap = {
      get cause(): unknown {
        throw new Error("getter")
      },
    }
    for (const thrown of [
      undefined,
      "text",
      new Error("boom"),
      { cause: null },
      loop,
      trap,
      { errors: [] },
    ]) {
      assert.isFalse(neverSent(thrown))
    }
  })

  it("does not repeat the transport's own text", () => {
    assert.notInclude(readTransportTrouble(coded("ECONNRESET")).detail, "secret")
    assert.notInclude(readTransportTrouble({ code: "https://host/?key=secret" }).detail, "secret")
  })

  it("knows what doesn't pass by itself, and says what to do", () => {
    const isPermanent = (code: string) => readTransportTrouble(coded(code)).isPermanent
    for (const code of ["ENOTFOUND", "SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID"]) {
      assert.isTrue(isPermanent(code), code)
    }
    for (const code of ["ECONNREFUSED", "EAI_AGAIN", "ENETUNREACH", "ECONNRESET", "constructor"]) {
      assert.isFalse(isPermanent(code), code)
    }
    assert.include(readTransportTrouble(coded("SELF_SIGNED_CERT_IN_CHAIN")).detail, "NODE_EXTRA_CA_CERTS")
    assert.include(readTransportTrouble(coded("UND_ERR_CONNECT_TIMEOUT")).detail, "NODE_USE_ENV_PROXY")
  })
})
