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
import { readRetryAfter } from "../http/readRefusal.ts"
import { redirectTarget } from "../http/redirectTarget.ts"
import { readTransportTrouble } from "../http/transportTrouble.ts"
import { DownloadTrouble, troubleOfStatus } from "./DownloadTrouble.ts"
import { type FileVersion, getIfRange, readVersion } from "./FileVersion.ts"
import { ReadAhead } from "./ReadAhead.ts"

/** One open answer of the CDN, from which bytes are pulled. */
export interface CdnConnection {
  /** Chunks, then done. A connection that stalls fails. */
  readonly pull: Effect.Effect<ReadonlyArray<Uint8Array>, DownloadTrouble | Cause.Done>
  /** Where its first byte stands in the file. */
  readonly offset: number
  /** Size of the whole file in bytes, where the CDN says. */
  readonly totalBytes: number | undefined
  readonly version: FileVersion
  /** True if its bytes were compressed on the wire: offsets and lengths there are not those of the file. */
  readonly isEncoded: boolean
  readonly contentType: string | undefined
}

/** What to open, from which byte on, and how long its silence is borne. */
export interface CdnPosition {
  readonly url: string
  readonly offset: number
  /** The version that was read so far, for an offset beyond 0. */
  readonly version: FileVersion | undefined
  readonly stallTimeout: Duration.Input
}

/** Where bytes come slowly they are given out so often. Milliseconds. */
const tickMs = 250
const maxRedirects = 5

/**
 * Opens a link from byte `offset` on. Redirects are followed here, a string at a time: a signed link that is parsed and
 * printed again can lose its signature. Nothing that could hold a credential is sent, to no origin.
 */
const openLink = Effect.fnUntraced(function* (http: HttpTransport, from: CdnPosition) {
  const ending = yield* Effect.acquireRelease(
    Effect.sync(() => new AbortController()),
    (ending) => Effect.sync(() => ending.abort()),
  )
  let url = from.url
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const headers = headersFor(from.offset, from.version)
    const response = yield* send(
      http,
      { method: "GET", url, headers, isSentOnce: false },
      ending.signal,
    ).pipe(
      Effect.mapError(toTrouble),
      Effect.timeoutOrElse({
        duration: from.stallTimeout,
        orElse: () => new DownloadTrouble({ detail: "the CDN did not answer in time", cure: "repeat" }),
      }),
    )
    const { location } = readHeaders(response)
    if (response.status < 300 || response.status >= 400 || location === undefined) {
      return yield* toConnection(response, from)
    }
    const target = redirectTarget(url, location)
    if (target === undefined) {
      return yield* new DownloadTrouble({ detail: "a redirect that leads nowhere safe", cure: "none" })
    }
    url = target
  }
  return yield* new DownloadTrouble({ detail: "too many redirects", cure: "renew" })
})

const headersFor = (offset: number, version: FileVersion | undefined): Record<string, string> => ({
  // Lengths and offsets are only true of bytes that nobody compresses on the way.
  "accept-encoding": "identity",
  ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
  ...ifRange(offset, version && getIfRange(version)),
})

const ifRange = (offset: number, sign: string | undefined): Record<string, string> =>
  offset > 0 && sign !== undefined ? { "if-range": sign } : {}

const toConnection = Effect.fnUntraced(function* (
  response: TransportResponse,
  { offset: wantedOffset, stallTimeout }: CdnPosition,
) {
  const { status } = response
  const headers = readHeaders(response)
  if (status !== 200 && status !== 206) {
    const now = yield* Clock.currentTimeMillis
    const fileBytes = /^bytes \*\/(\d+)$/.exec(headers["content-range"] ?? "")?.[1]
    return yield* troubleOfStatus(
      status,
      readRetryAfter(headers, now),
      fileBytes === undefined ? undefined : Number(fileBytes),
    )
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "")
  // Without a range that can be read, nothing says which part of the file this is; it may be all of it.
  if (status === 206 && range === null && wantedOffset > 0) {
    return yield* new DownloadTrouble({
      detail: "the CDN sent a part of the file and didn't say which",
      cure: "repeat",
      isRangeUnknown: true,
    })
  }
  // A server that does not do ranges answers 200 with the file from its start.
  const offset = status === 206 ? Number(range?.[1] ?? 0) : 0
  if (offset > wantedOffset) {
    return yield* new DownloadTrouble({
      detail: "the CDN sent another part of the file",
      cure: "repeat",
    })
  }
  const totalBytes = readTotal(headers, status, range?.[2], offset)
  const connection: CdnConnection = {
    pull: yield* pullFrom(response, stallTimeout),
    offset,
    totalBytes,
    version: readVersion(headers, totalBytes),
    isEncoded: isEncoded(headers),
    contentType: headers["content-type"],
  }
  return connection
})

/** The bytes of a body, until the scope closes. */
const pullFrom = Effect.fnUntraced(function* ({ body }: TransportResponse, stallTimeout: Duration.Input) {
  const bytes = new ReadAhead()
  yield* Effect.addFinalizer(() => Effect.sync(() => bytes.finish({ error: "nobody reads it any more" })))
  if (body === null) bytes.finish()
  else yield* readBody(body, bytes)
  yield* Effect.forkScoped(watchFor(bytes, Duration.toMillis(stallTimeout)))
  const pull: CdnConnection["pull"] = Effect.callback((resume) => {
    bytes.whenSome(() => resume(bytes.end === undefined ? Effect.succeed(bytes.take()) : findEnd(bytes.end)))
  })
  return pull
})

/** Reads on whenever there is room; what is still open when the scope closes is ended, without waiting for it. */
const readBody = Effect.fnUntraced(function* (body: AsyncIterable<Uint8Array>, bytes: ReadAhead) {
  const chunks = body[Symbol.asyncIterator]()
  const readOn = async (): Promise<void> => {
    try {
      while (bytes.hasRoom) {
        const next = await chunks.next()
        if (next.done === true) bytes.finish()
        else bytes.push(next.value)
      }
      bytes.whenRoom(() => void readOn())
    } catch (error) {
      bytes.finish({ error })
    }
  }
  void readOn()
  yield* Effect.addFinalizer(() => Effect.sync(() => void chunks.return?.().catch(() => undefined)))
})

/** One clock a connection: a timer for each chunk would cost more than the chunk. */
const watchFor = Effect.fnUntraced(function* (bytes: ReadAhead, stallTimeoutMs: number) {
  for (let silentMs = 0; silentMs < stallTimeoutMs; silentMs = bytes.isSilent() ? silentMs + tickMs : 0) {
    yield* Effect.sleep(tickMs)
    bytes.hand()
  }
  bytes.finish({ error: new DownloadTrouble({ detail: "the CDN stopped sending", cure: "repeat" }) })
})

const findEnd = ({
  error,
}: {
  readonly error?: unknown
}): Effect.Effect<never, DownloadTrouble | Cause.Done> => {
  if (error === undefined) return Cause.done()
  if (error instanceof DownloadTrouble) return Effect.fail(error)
  const { detail } = readTransportTrouble(error)
  return Effect.fail(new DownloadTrouble({ detail, cure: "repeat", isEncoded: isDecodingError(error) }))
}

/** zlib's codes begin with `Z_`. A transport wraps the error it throws. */
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

const toTrouble = ({ stage, cause }: TransportFailed): DownloadTrouble =>
  stage === "url"
    ? new DownloadTrouble({ detail: "the link is not a URL", cure: "renew" })
    : new DownloadTrouble({ detail: readTransportTrouble(cause).detail, cure: "repeat" })

/** Opens it in a scope of its own, below `parent`: closing that ends the request. */
export const openConnection = Effect.fnUntraced(function* (
  http: HttpTransport,
  from: CdnPosition,
  parent: Scope.Scope,
) {
  const scope = yield* Scope.fork(parent)
  const connection = yield* openLink(http, from).pipe(
    Scope.provide(scope),
    Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
  )
  return { connection, scope }
})
