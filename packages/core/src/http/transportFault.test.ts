import { assert, describe, it } from "vitest"
import { readTransportFault } from "./transportFault.ts"

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error(`secret in the message ${code}`), { code, ...more })

const neverSent = (thrown: unknown) => readTransportFault(thrown).neverSent

describe("readTransportFault", () => {
  it.each(["ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "CERT_HAS_EXPIRED"])(
    "knows that nothing was sent if a nested cause has the code %s",
    (code) => {
      assert.isTrue(neverSent(new TypeError("fetch failed", { cause: coded(code) })))
    },
  )

  it.each(["ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT", "EADDRNOTAVAIL", "ECONNRESET"])(
    "knows that nothing was sent after %s only if the system call is connect",
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
  ])("treats the request as possibly sent after %s", (code) => {
    assert.isFalse(neverSent(coded(code)))
  })

  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "treats the code %s as unknown",
    (code) => {
      const { detail, neverSent } = readTransportFault(coded(code))
      assert.isFalse(neverSent)
      assert.strictEqual(detail, `the connection failed (${code})`)
    },
  )

  it("knows that nothing was sent to several addresses only if every attempt failed before sending", () => {
    const refused = coded("ECONNREFUSED", { syscall: "connect" })
    const unreachable = coded("ENETUNREACH", { syscall: "connect" })
    assert.isTrue(neverSent(new AggregateError([refused, unreachable])))
    assert.isFalse(neverSent(new AggregateError([refused, coded("ECONNRESET", { syscall: "read" })])))
    assert.isFalse(neverSent(new AggregateError([refused, new Error("no code")])))
    assert.isFalse(neverSent(Object.assign(new AggregateError([refused, "text"]), { code: "ECONNREFUSED" })))
  })

  it("knows that nothing was sent after a failed DNS lookup only if no other system call is named", () => {
    assert.isTrue(neverSent(coded("EAI_AGAIN", { syscall: "getaddrinfo" })))
    assert.isFalse(neverSent(coded("EAI_AGAIN", { syscall: "read" })))
  })

  it("reads the system call from node-fetch's message", () => {
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

  it("treats a connection that Bun or Deno reports as refused as possibly sent", () => {
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

  it("treats the request as possibly sent after an unknown error", () => {
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

  it("does not repeat the transport's message", () => {
    assert.notInclude(readTransportFault(coded("ECONNRESET")).detail, "secret")
    assert.notInclude(readTransportFault({ code: "https://host/?key=secret" }).detail, "secret")
  })

  it("knows which faults are permanent, and says what to do", () => {
    const isPermanent = (code: string) => readTransportFault(coded(code)).isPermanent
    for (const code of ["ENOTFOUND", "SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID"]) {
      assert.isTrue(isPermanent(code), code)
    }
    for (const code of ["ECONNREFUSED", "EAI_AGAIN", "ENETUNREACH", "ECONNRESET", "constructor"]) {
      assert.isFalse(isPermanent(code), code)
    }
    assert.include(readTransportFault(coded("SELF_SIGNED_CERT_IN_CHAIN")).detail, "NODE_EXTRA_CA_CERTS")
    assert.include(readTransportFault(coded("UND_ERR_CONNECT_TIMEOUT")).detail, "NODE_USE_ENV_PROXY")
  })
})
