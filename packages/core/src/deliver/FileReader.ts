import { Array, Cause, type Duration, Effect, Exit, Metric, Pull, Random, Scope } from "effect"
import type { HttpClient } from "effect/http"
import type { Asset } from "../api/Asset.ts"
import { type ApiError, DownloadFailed, type InvalidInput } from "../errors.ts"
import type { Assets } from "../resolve/Assets.ts"
import { type CdnConnection, openConnection } from "./CdnConnection.ts"
import { DownloadTrouble } from "./DownloadTrouble.ts"
import { signatureBytes, typeOf, typeTrouble } from "./FileType.ts"

/** What is known of a file when its first bytes have come. */
export interface DownloadStart {
  /** As its bytes show it, else as the API says it. */
  readonly mimeType: string
  /** Absent where the CDN does not say. */
  readonly totalBytes: number | undefined
}

export interface DownloadOptions {
  /**
   * `file` (default): the file itself, which for an HDR picture is the EXR; `preview`: what `asset.url` shows, which
   * for an HDR picture is a JPEG.
   */
  readonly rendition?: "file" | "preview" | undefined
  /**
   * A connection that is silent for this long, before its answer or within it, is given up and opened anew. A number
   * counts milliseconds. Default 60 seconds.
   */
  readonly stallTimeout?: Duration.Input | undefined
  /** Called once, before the first byte is given out. */
  readonly onStart?: ((start: DownloadStart) => Effect.Effect<void>) | undefined
  /** Called with each chunk; the next is read when an effect that it returns has ended. */
  readonly onProgress?:
    | ((receivedBytes: number, totalBytes: number | undefined) => void)
    | ((receivedBytes: number, totalBytes: number | undefined) => Effect.Effect<void>)
    | undefined
}

type Chunks = Array.NonEmptyReadonlyArray<Uint8Array>

/** Failures in a row, without a byte between them, after which a download gives up. */
const mostFailures = 5
const mostRenewals = 3
const defaultStallTimeout = "60 seconds"

const downloadedBytes = Metric.counter("scenario_downloaded_bytes", {
  description: "Bytes of files received from the CDN",
})

/**
 * Reads one file from its first byte to its last, over as many connections as it takes: a cut is taken up where it broke,
 * an expired link is renewed. Its first bytes are looked at before they are given out. Ends its scope's connections.
 */
export const readFile = Effect.fnUntraced(function* (
  http: HttpClient.HttpClient,
  assets: Assets["Service"],
  assetOrId: Asset | string,
  options: DownloadOptions,
) {
  const scope = yield* Scope.Scope
  let asset = typeof assetOrId === "string" ? yield* assets.get(assetOrId) : assetOrId
  let open: { readonly connection: CdnConnection; readonly scope: Scope.Closeable } | undefined
  /** Where the next chunk of the open connection stands in the file. */
  let position = 0
  let received = 0
  let etag: string | undefined
  let totalBytes: number | undefined
  let hasStarted = false
  let failures = 0
  let renewals = 0

  const close = Effect.suspend(() => {
    const closing = open?.scope
    open = undefined
    return closing === undefined ? Effect.void : Scope.close(closing, Exit.void)
  })

  const connect = Effect.gen(function* () {
    const url = linkOf(asset, options.rendition)
    if (url === "") return yield* new DownloadTrouble({ detail: "it has no link yet", cure: "renew" })
    const { stallTimeout = defaultStallTimeout } = options
    open = yield* openConnection(http, { url, offset: received, etag, stallTimeout }, scope)
    const { connection } = open
    if (etag !== undefined && connection.etag !== undefined && connection.etag !== etag) {
      return yield* new DownloadTrouble({ detail: "it changed while it was read", cure: "none" })
    }
    etag = connection.etag ?? etag
    totalBytes = connection.totalBytes ?? totalBytes
    position = connection.offset
    return connection
  })

  const readHead = Effect.fnUntraced(function* (connection: CdnConnection) {
    const chunks = yield* pullAtLeast(connection, signatureBytes)
    const stated = statedType(asset, options.rendition, connection.contentType)
    const head = joined(chunks, signatureBytes)
    const trouble = head.length === 0 ? "it came empty" : typeTrouble(stated, head)
    if (trouble !== undefined) return yield* new DownloadTrouble({ detail: trouble, cure: "renew" })
    if (options.onStart !== undefined) yield* options.onStart({ mimeType: typeOf(stated, head), totalBytes })
    hasStarted = true
    return chunks
  })

  /** The next bytes that were not given out yet; none where a server without ranges has begun anew. */
  const readOn = Effect.gen(function* () {
    const connection = open?.connection ?? (yield* connect)
    const chunks = hasStarted ? yield* connection.pull : yield* readHead(connection)
    const fresh = withoutBefore(chunks, position, received)
    position += lengthOf(chunks)
    return fresh
  })

  const fail = (trouble: DownloadTrouble) =>
    new DownloadFailed({
      assetId: asset.assetId,
      reason: trouble.detail,
      status: trouble.status,
      receivedBytes: received,
      isRetryable: trouble.cure === "repeat",
    })

  /** Waits, or gets a fresh link, or gives up. */
  const recover = Effect.fnUntraced(function* (trouble: DownloadTrouble) {
    yield* close
    failures += 1
    if (trouble.cure === "none" || failures > mostFailures) return yield* fail(trouble)
    if (trouble.cure === "renew") {
      renewals += 1
      if (renewals > mostRenewals) return yield* fail(trouble)
      asset = yield* assets.get(asset.assetId)
      if (renewals === 1) return
    }
    const jitter = 0.8 + 0.4 * (yield* Random.next)
    const backoff = Math.min(20_000, 500 * 2 ** (failures - 1)) * jitter
    yield* Effect.sleep(Math.max(backoff, Math.min(trouble.retryAfterMs ?? 0, 60_000)))
  })

  const next: Effect.Effect<Chunks, DownloadFailed | ApiError | InvalidInput | Cause.Done> = Effect.gen(
    function* () {
      while (true) {
        const step = yield* Pull.matchEffect(readOn, {
          onSuccess: (chunks) => Effect.succeed(chunks),
          onDone: () => Effect.succeed("end" as const),
          onFailure: (cause) =>
            Effect.catchTag(Effect.failCause(cause), "DownloadTrouble", (trouble) => Effect.succeed(trouble)),
        })
        if (step === "end" ? isWhole(received, totalBytes, asset) : hasStarted && received === totalBytes) {
          return yield* Cause.done()
        }
        if (step === "end") {
          yield* recover(new DownloadTrouble({ detail: "it broke off", cure: "repeat" }))
        } else if (step instanceof DownloadTrouble) {
          yield* recover(step)
        } else if (Array.isReadonlyArrayNonEmpty(step)) {
          failures = 0
          received += lengthOf(step)
          yield* Metric.update(downloadedBytes, lengthOf(step))
          const progress = options.onProgress?.(received, totalBytes)
          if (Effect.isEffect(progress)) yield* progress
          return step
        }
      }
    },
  )
  return next
})

const pullAtLeast = Effect.fnUntraced(function* (connection: CdnConnection, bytes: number) {
  const chunks: globalThis.Array<Uint8Array> = []
  while (lengthOf(chunks) < bytes) {
    const more = yield* Pull.matchEffect(connection.pull, {
      onSuccess: (some) => Effect.succeed(some),
      onFailure: Effect.failCause,
      onDone: () => Effect.succeed(undefined),
    })
    if (more === undefined) break
    chunks.push(...more)
  }
  return chunks
})

const linkOf = (asset: Asset, rendition: DownloadOptions["rendition"]): string =>
  isHdrOriginal(asset, rendition) ? (asset.originalUrl ?? asset.url) : asset.url

const isHdrOriginal = (asset: Asset, rendition: DownloadOptions["rendition"]): boolean =>
  rendition !== "preview" && asset.kind === "image-hdr" && asset.originalUrl !== undefined

/** The asset's own type before the CDN's: the CDN may serve 3D as application/octet-stream. */
const statedType = (
  asset: Asset,
  rendition: DownloadOptions["rendition"],
  contentType: string | undefined,
): string => {
  if (isHdrOriginal(asset, rendition)) return asset.originalMimeType ?? "image/x-exr"
  return asset.mimeType === "application/octet-stream" ? (contentType ?? asset.mimeType) : asset.mimeType
}

/**
 * Without a Content-Length the API's size is the only measure. It can be wrong for 3D formats, and the CDN may convert
 * pictures, so it is believed for films and sound alone.
 */
const isWhole = (received: number, totalBytes: number | undefined, asset: Asset): boolean => {
  if (totalBytes !== undefined) return received === totalBytes
  const isSizeTrue = asset.kind === "video" || asset.kind === "audio"
  return received > 0 && (!isSizeTrue || received >= (asset.bytes ?? 0))
}

const lengthOf = (chunks: ReadonlyArray<Uint8Array>): number =>
  chunks.reduce((sum, chunk) => sum + chunk.length, 0)

/** The first bytes of the chunks in one piece. */
const joined = (chunks: ReadonlyArray<Uint8Array>, most: number): Uint8Array => {
  const head = new Uint8Array(Math.min(most, lengthOf(chunks)))
  let at = 0
  for (const chunk of chunks) {
    if (at >= head.length) break
    head.set(chunk.subarray(0, head.length - at), at)
    at += chunk.length
  }
  return head
}

/** The chunks, which begin at byte `start` of the file, from byte `wanted` on. */
const withoutBefore = (
  chunks: ReadonlyArray<Uint8Array>,
  start: number,
  wanted: number,
): ReadonlyArray<Uint8Array> => {
  let at = start
  return chunks.flatMap((chunk) => {
    const skip = Math.max(0, wanted - at)
    at += chunk.length
    return skip >= chunk.length ? [] : [skip === 0 ? chunk : chunk.subarray(skip)]
  })
}
