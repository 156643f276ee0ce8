import * as Predicate from "effect/Predicate"

/** Why no answer came, in words, and whether the request can have reached the other side at all. */
export interface TransportTrouble {
  readonly detail: string
  readonly neverSent: boolean
  /** Whether trying again can't help before the base URL, the proxy or the certificates change. */
  readonly isPermanent: boolean
}

/** Node's `fetch` ignores HTTPS_PROXY by itself. */
const behindProxy = " (behind a proxy, Node needs NODE_USE_ENV_PROXY=1)"

/** For a proxy that inspects TLS, or a company's own authority. */
const trustAuthority = "if you trust its authority, name that certificate's file in NODE_EXTRA_CA_CERTS"

/** Failures that end a request before its first byte has left, whatever the system call: DNS, TLS and connect timeout. */
const beforeSending: Readonly<Record<string, string>> = {
  ENOTFOUND: `the host name was not found${behindProxy}`,
  EAI_AGAIN: `the host name could not be looked up${behindProxy}`,
  EAI_FAIL: "the host name could not be looked up",
  EAI_NODATA: `the host name was not found${behindProxy}`,
  EAI_NONAME: `the host name was not found${behindProxy}`,
  UND_ERR_CONNECT_TIMEOUT: `no connection came about in time${behindProxy}`,
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: `the server's certificate is self-signed; ${trustAuthority}`,
  SELF_SIGNED_CERT_IN_CHAIN: `the server's certificate chain is self-signed; ${trustAuthority}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `the server's certificate cannot be verified; ${trustAuthority}`,
  UNABLE_TO_GET_ISSUER_CERT: `the server's certificate cannot be verified; ${trustAuthority}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `the server's certificate cannot be verified; ${trustAuthority}`,
  CERT_UNTRUSTED: `the server's certificate is not trusted; ${trustAuthority}`,
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server doesn't speak TLS; should the base URL begin with http://?",
}

/** Of these, the ones that pass by themselves. */
const passing: ReadonlySet<string> = new Set(["EAI_AGAIN", "EAI_FAIL", "UND_ERR_CONNECT_TIMEOUT"])

/**
 * Failures that can also happen on a connection that has carried the request: `read ENETUNREACH` is one of a live socket.
 * Only `connect` proves that nothing was sent.
 */
const atAnyTime: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENETUNREACH: "the network is unreachable",
  EHOSTUNREACH: "the host is unreachable",
  ENETDOWN: "the network is down",
  EADDRNOTAVAIL: "no local address was available",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
  ETIMEDOUT: "the connection timed out",
  ECONNABORTED: "the connection timed out",
  ERR_INVALID_URL: "the URL is not valid",
  UND_ERR_HEADERS_TIMEOUT: "no answer came in time",
  UND_ERR_BODY_TIMEOUT: "the answer stopped",
}

/**
 * Reads whatever a transport has thrown; what it does not know may have been sent. Its own text is not repeated: it can
 * hold the URL. The codes are Node's and undici's, some of which Bun shares. Bun names no system call and Deno no
 * code, so that a refused connection counts as possibly sent there.
 */
export const readTransportTrouble = (thrown: unknown): TransportTrouble => {
  const failures = rootFailures(thrown)
  // Several addresses tried: only if each attempt ended before sending was nothing sent.
  const neverSent = failures.length > 0 && failures.every(isBeforeSending)
  const code = failures.map((failure) => failure.code).find((one) => one !== undefined)
  if (code === undefined) return { detail: "the connection failed", neverSent, isPermanent: false }
  const wording = Object.hasOwn(beforeSending, code)
    ? beforeSending[code]
    : Object.hasOwn(atAnyTime, code)
      ? atAnyTime[code]
      : undefined
  return {
    detail: wording ?? `the connection failed (${describeCode(code)})`,
    neverSent,
    isPermanent: neverSent && Object.hasOwn(beforeSending, code) && !passing.has(code),
  }
}

/** A code is foreign text as well: only one that looks like a code is repeated. */
const describeCode = (code: string): string => (/^[\w-]{1,60}$/.test(code) ? code : "unknown error")

interface RootFailure {
  readonly code: string | undefined
  readonly syscall: string | undefined
}

const isBeforeSending = ({ code, syscall }: RootFailure): boolean => {
  if (code === undefined) return false
  if (syscall === "connect") return true
  const isLookup = syscall === undefined || syscall.startsWith("getaddrinfo") || syscall.startsWith("query")
  return isLookup && Object.hasOwn(beforeSending, code)
}

const maxDepth = 8

/**
 * The innermost errors: `fetch failed` wraps one as `cause`, an AggregateError several as `errors`. An attempt without a
 * code is one of unknown kind, unless an error around its cause has one.
 */
const rootFailures = (thrown: unknown, depth = 0): ReadonlyArray<RootFailure> => {
  if (!Predicate.isObject(thrown) || depth > maxDepth) return [unknownFailure]
  const errors = read(thrown, "errors")
  if (Array.isArray(errors) && errors.length > 0) {
    return errors.flatMap((error: unknown) => rootFailures(error, depth + 1))
  }
  const cause = read(thrown, "cause")
  const inner = cause === undefined || cause === null ? [] : rootFailures(cause, depth + 1)
  if (inner.some(({ code }) => code !== undefined)) return inner
  const code = read(thrown, "code")
  return typeof code === "string" ? [{ code, syscall: readSyscall(thrown, code) }] : [unknownFailure]
}

/** node-fetch keeps only the text of the error: `request to ... failed, reason: connect ECONNREFUSED 127.0.0.1:80`. */
const readSyscall = (thrown: object, code: string): string | undefined => {
  const syscall = read(thrown, "syscall")
  if (typeof syscall === "string") return syscall
  const text = read(thrown, "message")
  return typeof text === "string" && text.includes(`reason: connect ${code} `) ? "connect" : undefined
}

const unknownFailure: RootFailure = { code: undefined, syscall: undefined }

/** A host's error may have getters, and those may throw. */
const read = (thrown: object, name: string): unknown => {
  try {
    return Reflect.get(thrown, name)
  } catch {
    return undefined
  }
}
