import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import { type Asset, isLinkedAsset } from "../api/Asset.ts"
import { type ApiError, DownloadFailed, type InvalidInput } from "../errors.ts"
import { type Backoff, getJitteredMs } from "../http/backoff.ts"
import type { HttpTransport } from "../http/HttpTransport.ts"
import type { Assets } from "../resolve/Assets.ts"
import { type CdnConnection, openConnection } from "./CdnConnection.ts"
import { joinFirst, countBytes } from "./chunks.ts"
import { DownloadTrouble } from "./DownloadTrouble.ts"
import {
  isPreviewType,
  lacksOriginal,
  linkTo,
  mayBeEmpty,
  type Rendition,
  statedBytes,
  statedType,
} from "./fileLink.ts"
import { signatureBytes, chooseType, typeTrouble } from "./FileType.ts"
import { compareVersions, type FileVersion, isNamed } from "./FileVersion.ts"
import { Progress } from "./Progress.ts"

/** What is known of a file when its first bytes have come. */
export interface DownloadStart {
  /** As its bytes show it, else as the API says it. */
  readonly mimeType: string
  /** Absent if the CDN does not say. */
  readonly totalBytes: number | undefined
}

/** What is known of a file when its last byte has come. */
export interface DownloadEnd {
  readonly bytes: number
  /** The size that Scenario or the CDN promised, if it was wrong: nothing more came when it was asked for. */
  readonly promisedBytes: number | undefined
}

export interface RenditionOptions {
  /**
   * `file` (default): the file itself, which for an HDR picture is the EXR; `original`: the same as it was made, without
   * the CDN's transformation, for which the asset is read once more; `preview`: what `asset.url` shows, which for an HDR
   * picture is a JPEG.
   */
  readonly rendition?: Rendition | undefined
}

export interface DownloadOptions extends RenditionOptions {
  /**
   * A connection that is silent for this long, before its answer or within it, is given up and opened anew. A number
   * counts milliseconds. Default 60 seconds.
   */
  readonly stallTimeout?: Duration.Input | undefined
  /** Called before the first byte is given out; once more after `onRestart`. */
  readonly onStart?: ((start: DownloadStart) => Effect.Effect<void>) | undefined
  /**
   * Called if the file turned out to be another one than the bytes given out so far: throw them away, it comes again from
   * its first byte. Without it the download fails then, unless the bytes that come again are the same.
   */
  readonly onRestart?: Effect.Effect<void> | undefined
  /** Called after the last byte was given out. */
  readonly onEnd?: ((end: DownloadEnd) => Effect.Effect<void>) | undefined
  /** Called with each chunk; the next is read when an effect that it returns has ended. */
  readonly onProgress?:
    | ((receivedBytes: number, totalBytes: number | undefined) => void)
    | ((receivedBytes: number, totalBytes: number | undefined) => Effect.Effect<void>)
    | undefined
}

type Chunks = Array.NonEmptyReadonlyArray<Uint8Array>

/** Failures in a row, without a byte between them, after which a download gives up. */
const maxFailures = 5
const downloadBackoff: Backoff = { firstMs: 500, maxMs: 20_000 }
const maxRenewals = 3
/** How often a file may turn out to be another one. */
const maxRestarts = 2
const defaultStallTimeout = "60 seconds"
/** A file that is cut within its first bytes is judged by these, if there are no more. */
const minHeadBytes = 16

const downloadedBytes = Metric.counter("scenario_downloaded_bytes", {
  description: "Bytes of files received from the CDN",
})

/**
 * Reads one file from its first byte to its last, over as many connections as it takes: a cut is taken up where it broke,
 * an expired link is renewed. Its first bytes are looked at before they are given out. Ends its scope's connections.
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
  // A list may leave the original out, and links to transformed files.
  const isFromList = typeof assetOrId !== "string" && !isLinkedAsset(asset)
  if (isFromList && (rendition === "original" || lacksOriginal(asset, rendition))) asset = yield* read(asset)
  let open: { readonly connection: CdnConnection; readonly scope: Scope.Closeable } | undefined
  /** Where the next chunk of the open connection stands in the file. */
  let position = 0
  let version: FileVersion | undefined
  let hasStarted = false
  let canResume = true
  let failures = 0
  let renewals = 0
  let restarts = 0

  const close = Effect.suspend(() => {
    const closing = open?.scope
    open = undefined
    return closing === undefined ? Effect.void : Scope.close(closing, Exit.void)
  })

  const fail = (trouble: DownloadTrouble, isRetryable = trouble.cure === "repeat") =>
    new DownloadFailed({
      assetId: asset.assetId,
      reason: trouble.detail,
      status: trouble.status,
      receivedBytes: progress.received,
      isRetryable,
    })

  const hasChanged = new DownloadTrouble({ detail: "it changed while it was read", cure: "repeat" })

  /** Some bytes must come a second time to show that the file is the same. */
  const unnamedVersion = new DownloadTrouble({
    detail: "the CDN doesn't say which version of the file it sends",
    cure: "repeat",
  })

  /** What was given out may be of another file than what comes next: takes it back, or compares. */
  const distrust = Effect.gen(function* () {
    if (options.onRestart === undefined) return progress.compare()
    yield* options.onRestart
    progress.takeBack()
    hasStarted = false
  })

  const startOver = Effect.gen(function* () {
    restarts += 1
    if (restarts > maxRestarts) return yield* fail(hasChanged)
    yield* distrust
  })

  const connect = Effect.gen(function* () {
    const url = linkTo(asset, rendition)
    if (url === "") return yield* new DownloadTrouble({ detail: "it has no link yet", cure: "renew" })
    const { stallTimeout = defaultStallTimeout } = options
    const isResumed = canResume && !progress.isComparing
    const offset = isResumed ? progress.getResumeOffset(version !== undefined && isNamed(version)) : 0
    open = yield* openConnection(http, { url, offset, version, stallTimeout }, scope)
    const { connection } = open
    // A size that was found to cut the file short is no sign of it.
    const previous = version && { ...version, totalBytes: progress.totalBytes }
    version = connection.version
    canResume &&= !connection.isEncoded
    position = connection.offset
    if (progress.received > 0) {
      const compared = compareVersions(previous ?? version, version)
      if (compared === "changed") yield* startOver
      else if (progress.isComparing || (compared === "unknown" && position === 0)) yield* distrust
      if (compared === "changed" && position > 0) return yield* hasChanged
      if (compared === "unknown" && position === progress.received && position > 0) {
        yield* close
        return yield* unnamedVersion
      }
    }
    progress.totalBytes = connection.totalBytes ?? progress.totalBytes
    return connection
  })

  const readHead = Effect.fnUntraced(function* (connection: CdnConnection) {
    const isEmptyFine = mayBeEmpty(asset)
    const chunks = yield* pullHead(connection, isEmptyFine ? 1 : minHeadBytes)
    const stated = statedType(asset, rendition, connection.contentType)
    const head = joinFirst(chunks, signatureBytes)
    const trouble =
      head.length === 0 && !isEmptyFine ? "it came empty" : typeTrouble(stated, head, asset.kind)
    if (trouble !== undefined) return yield* new DownloadTrouble({ detail: trouble, cure: "renew" })
    const mimeType = chooseType(stated, head, asset.kind)
    if (lacksOriginal(asset, rendition) && isPreviewType(mimeType)) {
      const detail = "Scenario names no original of this HDR picture, only a preview (rendition: preview)."
      return yield* new DownloadTrouble({ detail, cure: "none" })
    }
    if (options.onStart !== undefined) {
      yield* options.onStart({ mimeType, totalBytes: progress.totalBytes })
    }
    hasStarted = true
    return chunks
  })

  /** The next bytes that were not given out yet; none while a file comes once more from its start. */
  const readOn = Effect.gen(function* () {
    const connection = open?.connection ?? (yield* connect)
    const chunks = hasStarted ? yield* connection.pull : yield* readHead(connection)
    const { isComparing } = progress
    const fresh = progress.dropKnown(chunks, position)
    if (fresh === undefined) {
      if (isComparing) return yield* fail(hasChanged)
      yield* startOver
      yield* close
      return yield* hasChanged
    }
    position += countBytes(chunks)
    return fresh
  })

  /** Waits, or gets a fresh link, or gives up. */
  const recover = Effect.fnUntraced(function* (trouble: DownloadTrouble) {
    yield* close
    failures += 1
    canResume &&= trouble.isEncoded !== true && trouble.isRangeUnknown !== true
    if (trouble.cure === "none" || failures > maxFailures) return yield* fail(trouble)
    if (trouble.cure === "renew") {
      renewals += 1
      if (renewals > maxRenewals) return yield* fail(trouble)
      asset = yield* read(asset)
      if (renewals === 1) return
    }
    const backoffMs = yield* getJitteredMs(downloadBackoff, failures)
    yield* Effect.sleep(Math.max(backoffMs, Math.min(trouble.retryAfterMs ?? 0, 60_000)))
  })

  /** The body has ended, or a connection has failed: whether that was the end of the file. */
  const hasEnded = Effect.fnUntraced(function* (trouble: DownloadTrouble | undefined) {
    const { received } = progress
    const stated = statedBytes(asset, rendition)
    if (trouble?.status === 416 && received > 0) {
      const refused = progress.judgeRefusedRange(trouble.fileBytes, stated)
      if (refused === "done") return true
      if (refused === "cut") return yield* fail(endedEarly(received, stated))
      yield* close
      yield* startOver
      return false
    }
    const isEnding = trouble === undefined || (trouble.cure === "repeat" && open !== undefined)
    // A connection that ends before it gets to new bytes says nothing of the end.
    const verdict =
      isEnding && hasStarted && position >= received
        ? progress.judge(trouble === undefined ? "closed" : "broken", stated)
        : "ask-again"
    if (verdict === "done") return true
    const promised = Math.max(progress.totalBytes ?? 0, stated ?? 0)
    const early = endedEarly(received, promised)
    if (verdict === "cut") return yield* fail(early)
    yield* recover(trouble ?? early)
    return false
  })

  const next: Effect.Effect<Chunks, DownloadFailed | ApiError | InvalidInput | Cause.Done> = Effect.gen(
    function* () {
      while (true) {
        const step = yield* Pull.matchEffect(readOn, {
          onSuccess: (chunks) => Effect.succeed(chunks),
          onDone: () => Effect.succeed(undefined),
          onFailure: (cause) =>
            Effect.catchTag(Effect.failCause(cause), "DownloadTrouble", (trouble) => Effect.succeed(trouble)),
        })
        if (step === undefined || step instanceof DownloadTrouble) {
          if (!(yield* hasEnded(step))) continue
          const { received: bytes, missedBytes: promisedBytes } = progress
          if (options.onEnd !== undefined) yield* options.onEnd({ bytes, promisedBytes })
          return yield* Cause.done()
        }
        if (Array.isReadonlyArrayNonEmpty(step)) {
          if (progress.give(step)) failures = 0
          yield* Metric.update(downloadedBytes, countBytes(step))
          const told = options.onProgress?.(progress.received, progress.totalBytes)
          if (Effect.isEffect(told)) yield* told
          return step
        }
      }
    },
  )
  return next
})

const endedEarly = (received: number, promised = 0): DownloadTrouble =>
  new DownloadTrouble({
    // The format can show that bytes are missing, even if as many came as were promised.
    detail: `it ended early, after ${received} ${promised > received ? `of ${promised} bytes` : "bytes"}`,
    cure: "repeat",
  })

/**
 * The first chunks, until they show the type. If the connection fails after some bytes they count: it fails again when
 * more is asked for.
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
