import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Upload, UploadPart } from "../api/Upload.ts"
import { type ApiError, UploadFailed } from "../errors.ts"
import { getJitteredMs, readBackoff } from "../http/backoff.ts"
import { type LocalFile, getFileSize } from "./LocalFile.ts"
import type { PartUploader } from "../http/PartUploader.ts"

/** A file that is sent in parts. */
export interface SentFile {
  readonly file: LocalFile
  readonly contentType: string
  /** In order. Each is read when it is due. */
  readonly parts: AsyncIterable<Uint8Array>
}

/** What sending parts needs from Scenario. */
export interface PartLinks {
  readonly uploader: PartUploader["Service"]
  /** Reads the upload again, with fresh links. */
  readonly refresh: (uploadId: string) => Effect.Effect<Upload, ApiError>
  /** Epoch milliseconds on Scenario's clock. */
  readonly serverTime: Effect.Effect<number>
}

const partsInFlight = 3

/** Per part. */
const maxAttempts = 5

/** A link that expires sooner may not last for a whole part. Milliseconds. */
const minLinkMs = 30_000

/** Sends all parts, a few at a time. Memory holds those in flight, and the next one. */
export const sendParts = Effect.fnUntraced(function* (started: Upload, sent: SentFile, links: PartLinks) {
  const { file, contentType, parts } = sent
  /** The latest links. */
  let upload = started

  const refresh = Effect.gen(function* () {
    const fresh = yield* links.refresh(started.uploadId)
    if (fresh.parts.length > 0) upload = fresh
  })

  const getLink = Effect.fnUntraced(function* (index: number) {
    const part = upload.parts[index]
    if (part === undefined) {
      return yield* toUploadFailed(started, `it is larger than its ${getFileSize(file)} bytes`, false)
    }
    if (!(yield* isExpiring(part))) return part
    yield* refresh
    return upload.parts[index] ?? part
  })

  const isExpiring = ({ expiresAt }: UploadPart) =>
    // A link whose date can't be read is used as it is.
    Effect.map(links.serverTime, (now) => Date.parse(expiresAt ?? "") - now < minLinkMs)

  const sendPart = Effect.fnUntraced(function* (bytes: Uint8Array, index: number) {
    for (let attempt = 1; ; attempt++) {
      const { url } = yield* getLink(index)
      const refused = yield* links.uploader.putPart(url, bytes, contentType).pipe(
        Effect.as(undefined),
        Effect.catchTag("PartRefused", (error) => Effect.succeed(error)),
      )
      if (refused === undefined) return bytes.byteLength
      if (refused.recovery === "none" || attempt === maxAttempts) {
        return yield* toUploadFailed(started, refused.reason, refused.recovery !== "none")
      }
      yield* Effect.sleep(
        Math.max(yield* getJitteredMs(readBackoff, attempt), Math.min(refused.retryAfterMs ?? 0, 60_000)),
      )
      // Another part may have refreshed it meanwhile.
      if (refused.recovery === "refresh" && upload.parts[index]?.url === url) yield* refresh
    }
  })

  const sentBytes = yield* Stream.fromAsyncIterable(parts, (cause) =>
    toUploadFailed(started, `it could not be read (${String(cause)})`, false),
  ).pipe(
    Stream.zipWithIndex,
    Stream.mapEffect(([bytes, index]) => sendPart(bytes, index), { concurrency: partsInFlight }),
    Stream.runFold(
      () => 0,
      (total, size) => total + size,
    ),
  )
  if (sentBytes !== getFileSize(file)) {
    return yield* toUploadFailed(
      started,
      `it has ${sentBytes} bytes, not the stated ${getFileSize(file)}`,
      false,
    )
  }
})

/** The failure of an upload that has an ID. */
export const toUploadFailed = (upload: Upload, reason: string, isRetryable: boolean): UploadFailed =>
  new UploadFailed({ uploadId: upload.uploadId, fileName: upload.fileName, reason, isRetryable })
