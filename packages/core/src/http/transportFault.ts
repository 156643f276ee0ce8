import * as Predicate from "effect/Predicate"

/** Why no response came. */
export interface TransportFault {
  readonly detail: string
  /** Whether the request definitely didn't reach the server. */
  readonly neverSent: boolean
  /** Whether a retry fails again until the base URL, the proxy, or the certificates change. */
  readonly isPermanent: boolean
}

/**
 * Explains what a transport threw. An unknown error counts as possibly sent. The error's own text isn't repeated, because
 * it can contain the URL. The codes are those of Node and undici; Bun shares some. Bun names no system call and Deno no
 * code, so a refused connection counts as possibly sent there.
 */
export const readTransportFault = (thrown: unknown): TransportFault => {
  const failures = findRootFailures(thrown)
  // Several failures mean several addresses.
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
    isPermanent: neverSent && Object.hasOwn(beforeSending, code) && !temporary.has(code),
  }
}

/** Node's `fetch` ignores HTTPS_PROXY by itself. */
const behindProxy = " (behind a proxy, Node needs NODE_USE_ENV_PROXY=1)"

/** For a proxy that inspects TLS, or a company's own certificate authority. */
const trustAuthority =
  "if you trust its authority, set NODE_EXTRA_CA_CERTS to the file with the authority's certificate"

/** Failures before the first byte is sent, for any system call: DNS, TLS, and the connect timeout. */
const beforeSending: Readonly<Record<string, string>> = {
  ENOTFOUND: `the host name was not found${behindProxy}`,
  EAI_AGAIN: `the host name could not be resolved${behindProxy}`,
  EAI_FAIL: "the host name could not be resolved",
  EAI_NODATA: `the host name was not found${behindProxy}`,
  EAI_NONAME: `the host name was not found${behindProxy}`,
  UND_ERR_CONNECT_TIMEOUT: `connecting took too long${behindProxy}`,
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

/** The temporary ones among these. */
const temporary: ReadonlySet<string> = new Set(["EAI_AGAIN", "EAI_FAIL", "UND_ERR_CONNECT_TIMEOUT"])

/**
 * Failures that can also happen after the request was sent: `read ENETUNREACH` comes from an open socket. Only the system
 * call `connect` proves that nothing was sent.
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
  UND_ERR_HEADERS_TIMEOUT: "no response came in time",
  UND_ERR_BODY_TIMEOUT: "the response stopped",
}

/** A code is external text too, so it is repeated only if it looks like a code. */
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
 * Finds the innermost errors with a code: `fetch failed` wraps one as `cause`, and an AggregateError wraps several as
 * `errors`.
 */
const findRootFailures = (thrown: unknown, depth = 0): ReadonlyArray<RootFailure> => {
  if (!Predicate.isObject(thrown) || depth > maxDepth) return [unknownFailure]
  const errors = read(thrown, "errors")
  if (Array.isArray(errors) && errors.length > 0) {
    return errors.flatMap((error: unknown) => findRootFailures(error, depth + 1))
  }
  const cause = read(thrown, "cause")
  const inner = cause === undefined || cause === null ? [] : findRootFailures(cause, depth + 1)
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

/** A getter of a foreign error may throw. */
const read = (thrown: object, name: string): unknown => {
  try {
    return Reflect.get(thrown, name)
  } catch {
    return undefined
  }
}
