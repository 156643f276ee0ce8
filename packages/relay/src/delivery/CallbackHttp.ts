import { readRetryAfter } from "@scenario-automation/core/host"
import { Clock, Context, Data, Duration, Effect, Layer } from "effect"
import { lookup as lookupName, type LookupAddress, type LookupOptions } from "node:dns"
import { Agent, request } from "undici"
import { RelaySettings } from "../settings/RelaySettings.ts"
import type { ReceiverUrl } from "./callbackUrl.ts"
import { isPublicAddress } from "./publicAddress.ts"

export interface CallbackResponse {
  readonly status: number
  /** Of `Retry-After`. Milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** The response header `webhook-delivery`. */
  readonly instruction?: string | undefined
  readonly latencyMs: number
}

/** No response came. */
export class NoResponse extends Data.TaggedError("NoResponse")<{
  /** A phrase without the URL, for example `connection refused`. */
  readonly reason: string
  readonly latencyMs: number
}> {}

export interface CallbackRequest {
  readonly receiver: ReceiverUrl
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Posts callbacks. Redirects aren't followed, response bodies are discarded, and the address is checked in the connection's own
 * name lookup, so a name can't change between the check and the connection.
 */
export class CallbackHttp extends Context.Service<
  CallbackHttp,
  { readonly post: (callback: CallbackRequest) => Effect.Effect<CallbackResponse, NoResponse> }
>()("@scenario-automation/relay/CallbackHttp") {
  static readonly layer: Layer.Layer<CallbackHttp, never, RelaySettings> = Layer.effect(
    CallbackHttp,
    Effect.suspend(() => make),
  )
}

const connectTimeoutMs = 5_000
const maxConnectionsPerOrigin = 16
/** What is read of a response body, so that the connection can be used again. */
const maxResponseBytes = 65_536

const make = Effect.gen(function* () {
  const { attemptTimeout } = yield* RelaySettings
  const openAgent = (lookup: Lookup | undefined) =>
    Effect.acquireRelease(
      Effect.sync(
        () =>
          new Agent({
            connect: { timeout: connectTimeoutMs, ...(lookup === undefined ? {} : { lookup }) },
            connections: maxConnectionsPerOrigin,
          }),
      ),
      (agent) => Effect.promise(() => agent.destroy()),
    )
  const publicAgent = yield* openAgent(lookupPublic)
  const insideAgent = yield* openAgent(undefined)

  const send = async ({ receiver, body, headers }: CallbackRequest, signal: AbortSignal) => {
    const response = await request(receiver.url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": "scenario-relay", ...headers },
      dispatcher: receiver.isAllowedInside ? insideAgent : publicAgent,
      signal,
    })
    // A body that never ends must not fail a callback that was accepted.
    await response.body.dump({ limit: maxResponseBytes, signal }).catch(() => undefined)
    return response
  }

  const post = (callback: CallbackRequest) =>
    Effect.gen(function* () {
      const startedAt = yield* Clock.currentTimeMillis
      const getLatency = Effect.map(Clock.currentTimeMillis, (now) => now - startedAt)
      const response = yield* Effect.tryPromise({
        try: (signal) => send(callback, signal),
        catch: describeFailure,
      }).pipe(
        Effect.timeoutOrElse({
          duration: attemptTimeout,
          orElse: () => Effect.fail(`no response within ${Duration.toSeconds(attemptTimeout)} s`),
        }),
        Effect.catch((reason) =>
          Effect.flatMap(getLatency, (latencyMs) => Effect.fail(new NoResponse({ reason, latencyMs }))),
        ),
      )
      const now = yield* Clock.currentTimeMillis
      return {
        status: response.statusCode,
        retryAfterMs: readRetryAfter({ "retry-after": getHeader(response.headers, "retry-after") }, now),
        instruction: getHeader(response.headers, "webhook-delivery"),
        latencyMs: now - startedAt,
      }
    })

  return CallbackHttp.of({ post })
})

type Lookup = (
  host: string,
  options: LookupOptions,
  done: (
    error: NodeJS.ErrnoException | null,
    address: string | Array<LookupAddress>,
    family?: number,
  ) => void,
) => void

const insideCode = "EINSIDE"

/** Resolves a name, and fails if one of its addresses isn't public. */
const lookupPublic: Lookup = (host, options, done) => {
  lookupName(host, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error !== null) return done(error, "")
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      return done(Object.assign(new Error("inside address"), { code: insideCode }), "")
    return options.all === true ? done(null, addresses) : done(null, first.address, first.family)
  })
}

const phrases: Readonly<Record<string, string>> = {
  [insideCode]: "the host's address isn't public",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  UND_ERR_SOCKET: "connection closed without a response",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  ENOTFOUND: "the host doesn't exist",
  EAI_AGAIN: "the host's name can't be resolved now",
}

/** Errors of sockets can name the URL; only their code is used. */
const describeFailure = (cause: unknown): string => {
  const code = readCode(cause)
  return code === undefined ? "the request failed" : (phrases[code] ?? `the request failed (${code})`)
}

const readCode = (cause: unknown): string | undefined => {
  if (!(cause instanceof Error)) return undefined
  if ("code" in cause && typeof cause.code === "string") return cause.code
  if (cause instanceof AggregateError) return cause.errors.map(readCode).find((code) => code !== undefined)
  return readCode(cause.cause)
}

const getHeader = (
  headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>,
  name: string,
): string | undefined => {
  const value = headers[name]
  return typeof value === "string" ? value : value?.[0]
}
