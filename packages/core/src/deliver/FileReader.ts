import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import { type Asset, isLinkedAsset } from "../api/Asset.ts"
import { defaultStallTimeout } from "../defaults.ts"
import { type ApiError, DownloadFailed, type InvalidInput } from "../errors.ts"
import { getJitteredMs, readBackoff } from "../http/backoff.ts"
import type { HttpTransport } from "../http/HttpTransport.ts"
import type { Assets } from "../resolve/Assets.ts"
import { type CdnConnection, openConnection } from "./CdnConnection.ts"
import { joinFirst, countBytes } from "./chunks.ts"
import { DownloadFault } from "./DownloadFault.ts"
import { chooseType, findTypeMismatch, signatureBytes } from "./FileType.ts"
import { compareVersions, type FileVersion, hasValidator } from "./FileVersion.ts"
import { Progress } from "./Progress.ts"
import {
  canBeEmpty,
  getLink,
  getStatedBytes,
  getStatedType,
  isPreviewType,
  lacksOriginal,
  type Rendition,
} from "./rendition.ts"

/** Known after the first bytes of a file. */
export interface DownloadStart {
  /** By the file's bytes, or else by the API. */
  readonly mimeType: string
  /** Absent if the CDN doesn't say. */
  readonly totalBytes: number | undefined
}

/** Known after the last byte of a file. */
export interface DownloadEnd {
  readonly bytes: number
  /** The size that Scenario or the CDN stated, if it was wrong. The CDN was asked for the rest, and had none. */
  readonly promisedBytes: number | undefined
}

export interface RenditionOptions {
  /**
   * `file` (default): the file itself, which is an EXR for an HDR image. `original`: the file without the CDN's
   * transformations, which needs one more request. `preview`: the file at `asset.url`, which is a JPEG for an HDR image.
   */
  readonly rendition?: Rendition | undefined
}

export interface DownloadOptions extends RenditionOptions {
  /** Reconnects if nothing is received for this long. A number is in milliseconds. Default 60 seconds. */
  readonly stallTimeout?: Duration.Input | undefined
  /** Called before the first byte is delivered, and again after each `onRestart`. Default: none. */
  readonly onStart?: ((start: DownloadStart) => Effect.Effect<void>) | undefined
  /**
   * Called if the file changed during the download. Discard the bytes so far, because it is delivered again from its first byte.
   * Default: the download fails, unless the bytes are the same.
   */
  readonly onRestart?: Effect.Effect<void> | undefined
  /** Called after the last byte was delivered. Default: none. */
  readonly onEnd?: ((end: DownloadEnd) => Effect.Effect<void>) | undefined
  /**
   * Called with each chunk, with numbers of bytes. If it returns an effect, the next chunk is read after that ends. Default:
   * none.
   */
  readonly onProgress?:
    | ((receivedBytes: number, totalBytes: number | undefined) => void)
    | ((receivedBytes: number, totalBytes: number | undefined) => Effect.Effect<void>)
    | undefined
}

/**
 * Returns a pull of a file's bytes. It reconnects at the same position when a connection fails, refreshes an expired link,
 * and checks the first bytes before it delivers them. Its connections end with the scope.
 */
export const readFile = Effect.fnUntraced(function* (
  http: HttpTransport,
  assets: Assets["Service"],
  assetOrId: Asset | string,
  options: DownloadOptions,
) {
  const scope = yield* Scope.Scope
  const rendition = options.rendition ?? "file"
  const progress = new Progress(options.onRestart !== undefined)
  const read = (wanted: Asset | string) => assets.get(wanted, { original: rendition === "original" })
  let asset = typeof assetOrId === "string" ? yield* read(assetOrId) : assetOrId
  // A list may lack the original's link, and its links lead to transformed files.
  const isFromList = typeof assetOrId !== "string" && !isLinkedAsset(asset)
  if (isFromList && (rendition === "original" || lacksOriginal(asset, rendition))) asset = yield* read(asset)
  let open: { readonly connection: CdnConnection; readonly scope: Scope.Closeable } | undefined
  /** The position in the file of the open connection's next chunk. */
  let position = 0
  let version: FileVersion | undefined
  let hasStarted = false
  let canResume = true
  let failures = 0
  let refreshes = 0
  let restarts = 0

  const close = Effect.suspend(() => {
    const openScope = open?.scope
    open = undefined
    return openScope === undefined ? Effect.void : Scope.close(openScope, Exit.void)
  })

  const fail = (fault: DownloadFault, isRetryable = fault.recovery === "retry") =>
    new DownloadFailed({
      assetId: asset.assetId,
      reason: fault.detail,
      status: fault.status,
      receivedBytes: progress.received,
      isRetryable,
    })

  const changed = new DownloadFault({ detail: "it changed during the download", recovery: "retry" })

  /** The retry overlaps, so that the bytes themselves show whether the file is the same. */
  const unknownVersion = new DownloadFault({
    detail: "the CDN doesn't say which version of the file it sends",
    recovery: "retry",
  })

  /** The file may have changed: restarts, or compares the bytes that are received again. */
  const restartOrCompare = Effect.gen(function* () {
    if (options.onRestart === undefined) return progress.startComparing()
    yield* options.onRestart
    progress.restart()
    hasStarted = false
  })

  const startOver = Effect.gen(function* () {
    restarts += 1
    if (restarts > maxRestarts) return yield* fail(changed)
    yield* restartOrCompare
  })

  const connect = Effect.gen(function* () {
    const url = getLink(asset, rendition)
    if (url === "") return yield* new DownloadFault({ detail: "it has no link yet", recovery: "refresh" })
    const { stallTimeout = defaultStallTimeout } = options
    const isResumed = canResume && !progress.isComparing
    const offset = isResumed ? progress.getResumeOffset(version !== undefined && hasValidator(version)) : 0
    open = yield* openConnection(http, { url, offset, version, stallTimeout }, scope)
    const { connection } = open
    // `progress` forgets a size that turned out to be wrong, so that it doesn't identify the version.
    const previous = version && { ...version, totalBytes: progress.totalBytes }
    version = connection.version
    canResume &&= !connection.isEncoded
    position = connection.offset
    if (progress.received > 0) {
      const compared = compareVersions(previous ?? version, version)
      if (compared === "changed") yield* startOver
      else if (progress.isComparing || (compared === "unknown" && position === 0)) yield* restartOrCompare
      if (compared === "changed" && position > 0) return yield* changed
      if (compared === "unknown" && position === progress.received && position > 0) {
        yield* close
        return yield* unknownVersion
      }
    }
    progress.totalBytes = connection.totalBytes ?? progress.totalBytes
    return connection
  })

  const readHead = Effect.fnUntraced(function* (connection: CdnConnection) {
    const isEmptyAllowed = canBeEmpty(asset)
    const chunks = yield* pullHead(connection, isEmptyAllowed ? 1 : minHeadBytes)
    const stated = getStatedType(asset, rendition, connection.contentType)
    const head = joinFirst(chunks, signatureBytes)
    const mismatch =
      head.length === 0 && !isEmptyAllowed
        ? "the CDN sent an empty file"
        : findTypeMismatch(stated, head, asset.kind)
    if (mismatch !== undefined) return yield* new DownloadFault({ detail: mismatch, recovery: "refresh" })
    const mimeType = chooseType(stated, head, asset.kind)
    if (lacksOriginal(asset, rendition) && isPreviewType(mimeType)) {
      const detail = "Scenario has no original of this HDR image, only a preview (rendition: preview)."
      return yield* new DownloadFault({ detail, recovery: "none" })
    }
    if (options.onStart !== undefined) {
      yield* options.onStart({ mimeType, totalBytes: progress.totalBytes })
    }
    hasStarted = true
    return chunks
  })

  /** The next undelivered bytes. Empty while delivered bytes are received again. */
  const readFresh = Effect.gen(function* () {
    const connection = open?.connection ?? (yield* connect)
    const chunks = hasStarted ? yield* connection.pull : yield* readHead(connection)
    const { isComparing } = progress
    const fresh = progress.dropDelivered(chunks, position)
    if (fresh === undefined) {
      if (isComparing) return yield* fail(changed)
      yield* startOver
      yield* close
      return yield* changed
    }
    position += countBytes(chunks)
    return fresh
  })

  /** Waits, refreshes the link, or fails. */
  const recover = Effect.fnUntraced(function* (fault: DownloadFault) {
    yield* close
    failures += 1
    canResume &&= fault.isEncoded !== true && fault.isRangeUnknown !== true
    if (fault.recovery === "none" || failures > maxFailures) return yield* fail(fault)
    if (fault.recovery === "refresh") {
      refreshes += 1
      if (refreshes > maxRefreshes) return yield* fail(fault)
      asset = yield* read(asset)
      if (refreshes === 1) return
    }
    const backoffMs = yield* getJitteredMs(readBackoff, failures)
    yield* Effect.sleep(Math.max(backoffMs, Math.min(fault.retryAfterMs ?? 0, 60_000)))
  })

  /** Whether the end of a body, or the failure of a connection, is the end of the file. Recovers if it isn't. */
  const isEndOfFile = Effect.fnUntraced(function* (fault: DownloadFault | undefined) {
    const { received } = progress
    const stated = getStatedBytes(asset, rendition)
    if (fault?.status === 416 && received > 0) {
      const decision = progress.decideAtRefusedRange(fault.fileBytes, stated)
      if (decision === "done") return true
      if (decision === "truncated") return yield* fail(toEarlyEnd(received, stated))
      yield* close
      yield* startOver
      return false
    }
    const isEnding = fault === undefined || (fault.recovery === "retry" && open !== undefined)
    // A connection that ends within repeated bytes says nothing about the end of the file.
    const decision =
      isEnding && hasStarted && position >= received
        ? progress.decideAtEnd(fault === undefined ? "closed" : "broken", stated)
        : "retry"
    if (decision === "done") return true
    const promised = Math.max(progress.totalBytes ?? 0, stated ?? 0)
    const earlyEnd = toEarlyEnd(received, promised)
    if (decision === "truncated") return yield* fail(earlyEnd)
    yield* recover(fault ?? earlyEnd)
    return false
  })

  const next: Effect.Effect<Chunks, DownloadFailed | ApiError | InvalidInput | Cause.Done> = Effect.gen(
    function* () {
      while (true) {
        const step = yield* Pull.matchEffect(readFresh, {
          onSuccess: (chunks) => Effect.succeed(chunks),
          onDone: () => Effect.succeed(undefined),
          onFailure: (cause) =>
            Effect.catchTag(Effect.failCause(cause), "DownloadFault", (fault) => Effect.succeed(fault)),
        })
        if (step === undefined || step instanceof DownloadFault) {
          if (!(yield* isEndOfFile(step))) continue
          const { received: bytes, promisedBytes } = progress
          if (options.onEnd !== undefined) yield* options.onEnd({ bytes, promisedBytes })
          return yield* Cause.done()
        }
        if (Array.isReadonlyArrayNonEmpty(step)) {
          if (progress.add(step)) failures = 0
          yield* Metric.update(downloadedBytes, countBytes(step))
          const reported = options.onProgress?.(progress.received, progress.totalBytes)
          if (Effect.isEffect(reported)) yield* reported
          return step
        }
      }
    },
  )
  return next
})

type Chunks = Array.NonEmptyReadonlyArray<Uint8Array>

/** A download fails after this many failures in a row without a new byte. */
const maxFailures = 5
const maxRefreshes = 3
/** A download fails if the file changes more often than this. */
const maxRestarts = 2
/** If a connection fails within the first bytes of a file, this many are enough to check the type. */
const minHeadBytes = 16

const downloadedBytes = Metric.counter("scenario_downloaded_bytes", {
  description: "Bytes of files received from the CDN",
})

const toEarlyEnd = (received: number, promised = 0): DownloadFault =>
  new DownloadFault({
    // The format can show that bytes are missing, even if the promised number was received.
    detail: `it ended early, after ${received} ${promised > received ? `of ${promised} bytes` : "bytes"}`,
    recovery: "retry",
  })

/**
 * Pulls the first chunks, until they show the type. If the connection fails after `minBytes`, they are enough, and the
 * next pull fails again.
 */
const pullHead = Effect.fnUntraced(function* (connection: CdnConnection, minBytes: number) {
  const chunks: globalThis.Array<Uint8Array> = []
  while (countBytes(chunks) < signatureBytes) {
    const more = yield* Pull.matchEffect(connection.pull, {
      onSuccess: (some) => Effect.succeed(some),
      onFailure: (cause) =>
        countBytes(chunks) < minBytes ? Effect.failCause(cause) : Effect.succeed(undefined),
      onDone: () => Effect.succeed(undefined),
    })
    if (more === undefined) break
    chunks.push(...more)
  }
  return chunks
})
