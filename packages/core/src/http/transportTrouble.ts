import { Predicate } from "effect"

/** Why no answer came, in words, and whether the request can have reached the other side at all. */
export interface TransportTrouble {
  readonly detail: string
  readonly neverSent: boolean
}

/**
 * Failures before the first byte of a request has left: there the server cannot have acted on it. Node's own
 * names, undici's, and OpenSSL's.
 */
const beforeSending: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name was not found",
  EAI_AGAIN: "the host name could not be looked up",
  EAI_FAIL: "the host name could not be looked up",
  ENETUNREACH: "the network is unreachable",
  UND_ERR_CONNECT_TIMEOUT: "no connection came about in time",
  ERR_INVALID_URL: "the URL is not valid",
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the server's certificate chain is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate cannot be verified",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the server's certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
}

const afterSending: Readonly<Record<string, string>> = {
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
  ETIMEDOUT: "the connection timed out",
  ECONNABORTED: "the connection timed out",
  UND_ERR_HEADERS_TIMEOUT: "no answer came in time",
  UND_ERR_BODY_TIMEOUT: "the answer stopped",
}

/** Reads whatever a transport has thrown. Its own text is not repeated: it can hold the URL. */
export const readTransportTrouble = (thrown: unknown): TransportTrouble => {
  const failures = rootFailures(thrown)
  // Several addresses tried: only where each attempt ended before sending was nothing sent.
  const neverSent = failures.length > 0 && failures.every(isBeforeSending)
  const code = failures.map((failure) => failure.code).find((one) => one !== undefined)
  if (code === undefined) return { detail: "the connection failed", neverSent }
  return { detail: beforeSending[code] ?? afterSending[code] ?? `the connection failed (${code})`, neverSent }
}

interface RootFailure {
  readonly code: string | undefined
  readonly syscall: string | undefined
}

const isBeforeSending = ({ code, syscall }: RootFailure): boolean =>
  code !== undefined &&
  (code in beforeSending || ((code === "ETIMEDOUT" || code === "EHOSTUNREACH") && syscall === "connect"))

/** The innermost errors that carry a code: `fetch failed` wraps them as `cause`, an AggregateError as `errors`. */
const rootFailures = (thrown: unknown, depth = 0): ReadonlyArray<RootFailure> => {
  if (!Predicate.isObject(thrown) || depth > 8) return []
  const error: Record<string, unknown> = {
    cause: Reflect.get(thrown, "cause"),
    errors: Reflect.get(thrown, "errors"),
  }
  const several = Array.isArray(error["errors"]) ? error["errors"] : []
  const inner = [...several, error["cause"]].flatMap((one) => rootFailures(one, depth + 1))
  if (inner.length > 0) return inner
  const code = Reflect.get(thrown, "code")
  const syscall = Reflect.get(thrown, "syscall")
  return typeof code === "string"
    ? [{ code, syscall: typeof syscall === "string" ? syscall : undefined }]
    : []
}
