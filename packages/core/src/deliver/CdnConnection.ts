import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Scope from "effect/Scope"
import {
  type HttpTransport,
  readHeaders,
  type ResponseHeaders,
  send,
  type TransportFailed,
  type TransportResponse,
} from "../http/HttpTransport.ts"
import { readRetryAfter } from "../http/readErrorResponse.ts"
import { maxRedirects, resolveRedirect } from "../http/redirects.ts"
import { readTransportFault } from "../http/transportFault.ts"
import { DownloadFault, toStatusFault } from "./DownloadFault.ts"
import { type FileVersion, getIfRange, readVersion } from "./FileVersion.ts"
import { ReadAhead } from "./ReadAhead.ts"

/** An open response of the CDN. */
export interface CdnConnection {
  /** The next chunks, then done. Fails if the connection stalls. */
  readonly pull: Effect.Effect<ReadonlyArray<Uint8Array>, DownloadFault | Cause.Done>
  /** The position of its first byte in the file. */
  readonly offset: number
  /** Size of the whole file in bytes, if the CDN says. */
  readonly totalBytes: number | undefined
  readonly version: FileVersion
  /** True if the bytes were compressed on the wire, so that offsets and lengths there aren't those of the file. */
  readonly isEncoded: boolean
  readonly contentType: string | undefined
}

export interface OpenOptions {
  readonly url: string
  readonly offset: number
  /** The version of the bytes before `offset`. */
  readonly version: FileVersion | undefined
  /** How long to wait for the response, and for its next bytes. */
  readonly stallTimeout: Duration.Input
}

/** Opens a connection in its own scope below `parent`. Closing that scope ends the request. */
export const openConnection = Effect.fnUntraced(function* (
  http: HttpTransport,
  options: OpenOptions,
  parent: Scope.Scope,
) {
  const scope = yield* Scope.fork(parent)
  const connection = yield* openLink(http, options).pipe(
    Scope.provide(scope),
    Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
  )
  return { connection, scope }
})

/** How often slowly arriving bytes are delivered. Milliseconds. */
const tickMs = 250

/** Opens a link at byte `offset`, and follows redirects. Sends no credentials to any origin. */
const openLink = Effect.fnUntraced(function* (http: HttpTransport, options: OpenOptions) {
  const controller = yield* Effect.acquireRelease(
    Effect.sync(() => new AbortController()),
    (controller) => Effect.sync(() => controller.abort()),
  )
  let url = options.url
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const headers = getHeaders(options.offset, options.version)
    const response = yield* send(
      http,
      { method: "GET", url, headers, isSentOnce: false },
      controller.signal,
    ).pipe(
      Effect.mapError(toFault),
      Effect.timeoutOrElse({
        duration: options.stallTimeout,
        orElse: () => new DownloadFault({ detail: "the CDN did not respond in time", recovery: "retry" }),
      }),
    )
    const { location } = readHeaders(response)
    if (response.status < 300 || response.status >= 400 || location === undefined) {
      return yield* toConnection(response, options)
    }
    const target = resolveRedirect(url, location)
    if (target === undefined) {
      return yield* new DownloadFault({ detail: "a redirect to an unsafe URL", recovery: "none" })
    }
    url = target
  }
  return yield* new DownloadFault({ detail: "too many redirects", recovery: "refresh" })
})

const getHeaders = (offset: number, version: FileVersion | undefined): Record<string, string> => ({
  // Lengths and offsets count the file's bytes only without compression.
  "accept-encoding": "identity",
  ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
  ...toIfRange(offset, version && getIfRange(version)),
})

const toIfRange = (offset: number, validator: string | undefined): Record<string, string> =>
  offset > 0 && validator !== undefined ? { "if-range": validator } : {}

const toConnection = Effect.fnUntraced(function* (
  response: TransportResponse,
  { offset: wantedOffset, stallTimeout }: OpenOptions,
) {
  const { status } = response
  const headers = readHeaders(response)
  if (status !== 200 && status !== 206) {
    const now = yield* Clock.currentTimeMillis
    const fileBytes = /^bytes \*\/(\d+)$/.exec(headers["content-range"] ?? "")?.[1]
    return yield* toStatusFault(
      status,
      readRetryAfter(headers, now),
      fileBytes === undefined ? undefined : Number(fileBytes),
    )
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "")
  // Without a readable range this can be any part of the file, even all of it.
  if (status === 206 && range === null && wantedOffset > 0) {
    return yield* new DownloadFault({
      detail: "the CDN sent a part of the file without saying which",
      recovery: "retry",
      isRangeUnknown: true,
    })
  }
  // A server without range support returns 200 with the whole file.
  const offset = status === 206 ? Number(range?.[1] ?? 0) : 0
  if (offset > wantedOffset) {
    return yield* new DownloadFault({
      detail: "the CDN sent a wrong part of the file",
      recovery: "retry",
    })
  }
  const totalBytes = readTotal(headers, status, range?.[2], offset)
  const connection: CdnConnection = {
    pull: yield* makePull(response, stallTimeout),
    offset,
    totalBytes,
    version: readVersion(headers, totalBytes),
    isEncoded: isEncoded(headers),
    contentType: headers["content-type"],
  }
  return connection
})

/** Reads a body until the scope closes. */
const makePull = Effect.fnUntraced(function* ({ body }: TransportResponse, stallTimeout: Duration.Input) {
  const bytes = new ReadAhead()
  yield* Effect.addFinalizer(() => Effect.sync(() => bytes.finish({ error: "the scope is closed" })))
  if (body === null) bytes.finish()
  else yield* readBody(body, bytes)
  yield* Effect.forkScoped(watchForStall(bytes, Duration.toMillis(stallTimeout)))
  const pull: CdnConnection["pull"] = Effect.callback((resume) => {
    bytes.onReady(() => resume(bytes.end === undefined ? Effect.succeed(bytes.take()) : findEnd(bytes.end)))
  })
  return pull
})

/** Reads ahead whenever there is room. When the scope closes, the body is canceled, but not awaited. */
const readBody = Effect.fnUntraced(function* (body: AsyncIterable<Uint8Array>, bytes: ReadAhead) {
  const chunks = body[Symbol.asyncIterator]()
  const fill = async (): Promise<void> => {
    try {
      while (bytes.hasRoom) {
        const next = await chunks.next()
        if (next.done === true) bytes.finish()
        else bytes.push(next.value)
      }
      bytes.onRoom(() => void fill())
    } catch (error) {
      bytes.finish({ error })
    }
  }
  void fill()
  yield* Effect.addFinalizer(() => Effect.sync(() => void chunks.return?.().catch(() => undefined)))
})

/** Uses one timer for a connection, because a timer for each chunk would cost more than the chunk. */
const watchForStall = Effect.fnUntraced(function* (bytes: ReadAhead, stallTimeoutMs: number) {
  for (let silentMs = 0; silentMs < stallTimeoutMs; silentMs = bytes.wasSilent() ? silentMs + tickMs : 0) {
    yield* Effect.sleep(tickMs)
    bytes.flush()
  }
  bytes.finish({ error: new DownloadFault({ detail: "the CDN stopped sending", recovery: "retry" }) })
})

const findEnd = ({
  error,
}: {
  readonly error?: unknown
}): Effect.Effect<never, DownloadFault | Cause.Done> => {
  if (error === undefined) return Cause.done()
  if (error instanceof DownloadFault) return Effect.fail(error)
  const { detail } = readTransportFault(error)
  return Effect.fail(new DownloadFault({ detail, recovery: "retry", isEncoded: isDecodingError(error) }))
}

/** zlib's error codes begin with `Z_`. Transports wrap its errors. */
const isDecodingError = (error: unknown): boolean => {
  if (!Predicate.isObject(error)) return false
  const code = Reflect.get(error, "code")
  return (typeof code === "string" && code.startsWith("Z_")) || isDecodingError(Reflect.get(error, "cause"))
}

const isEncoded = (headers: ResponseHeaders): boolean =>
  !["", "identity"].includes(headers["content-encoding"]?.trim().toLowerCase() ?? "")

const readTotal = (
  headers: ResponseHeaders,
  status: number,
  rangeTotal: string | undefined,
  offset: number,
): number | undefined => {
  if (isEncoded(headers)) return undefined
  if (status === 206 && rangeTotal !== undefined && rangeTotal !== "*") return Number(rangeTotal)
  const length = Number(headers["content-length"] ?? Number.NaN)
  return Number.isFinite(length) ? offset + length : undefined
}

const toFault = ({ stage, cause }: TransportFailed): DownloadFault =>
  stage === "url"
    ? new DownloadFault({ detail: "the link is not a URL", recovery: "refresh" })
    : new DownloadFault({ detail: readTransportFault(cause).detail, recovery: "retry" })
