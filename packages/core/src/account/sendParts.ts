import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Upload, UploadPart } from "../api/Upload.ts"
import { type ApiError, UploadFailed } from "../errors.ts"
import { type Backoff, getJitteredMs } from "../http/backoff.ts"
import { type LocalFile, getFileSize } from "./LocalFile.ts"
import type { PartUploader } from "../http/PartUploader.ts"

/** A file that is being sent, part by part. */
export interface SentFile {
  readonly file: LocalFile
  readonly contentType: string
  /** Its parts in their order, each read when it is its turn. */
  readonly parts: AsyncIterable<Uint8Array>
}

/** What the parts need of Scenario. */
export interface PartLinks {
  readonly uploader: PartUploader["Service"]
  /** Reads the upload again, for fresh links. */
  readonly renew: (uploadId: string) => Effect.Effect<Upload, ApiError>
  /** Scenario's clock, epoch milliseconds. */
  readonly serverTime: Effect.Effect<number>
}

const partsInFlight = 3

/** Attempts at one part, half a second apart at first. */
const maxAttempts = 5

/** A link that is this near to its end may not last for a whole part. Milliseconds. */
const renewBeforeMs = 30_000

/** Sends all parts, a few at a time: what is in memory is the parts on their way, and the next. */
export const sendParts = Effect.fnUntraced(function* (begun: Upload, sent: SentFile, links: PartLinks) {
  const { file, contentType, parts } = sent
  /** The links that were read last. */
  let upload = begun

  const renew = Effect.gen(function* () {
    const fresh = yield* links.renew(begun.uploadId)
    if (fresh.parts.length > 0) upload = fresh
  })

  const linkFor = Effect.fnUntraced(function* (index: number) {
    const part = upload.parts[index]
    if (part === undefined) {
      return yield* uploadFailed(begun, `it is larger than its ${getFileSize(file)} bytes`, false)
    }
    if (!(yield* isEnding(part))) return part
    yield* renew
    return upload.parts[index] ?? part
  })

  const isEnding = ({ expiresAt }: UploadPart) =>
    // A date that can't be read is no reason to renew.
    Effect.map(links.serverTime, (now) => Date.parse(expiresAt ?? "") - now < renewBeforeMs)

  const sendPart = Effect.fnUntraced(function* (bytes: Uint8Array, index: number) {
    for (let attempt = 1; ; attempt++) {
      const { url } = yield* linkFor(index)
      const refused = yield* links.uploader.putPart(url, bytes, contentType).pipe(
        Effect.as(undefined),
        Effect.catchTag("PartRefused", (error) => Effect.succeed(error)),
      )
      if (refused === undefined) return bytes.byteLength
      if (refused.recovery === "none" || attempt === maxAttempts) {
        return yield* uploadFailed(begun, refused.reason, refused.recovery !== "none")
      }
      yield* Effect.sleep(
        Math.max(yield* getJitteredMs(partBackoff, attempt), Math.min(refused.retryAfterMs ?? 0, 60_000)),
      )
      // Another part may have renewed it meanwhile.
      if (refused.recovery === "refresh" && upload.parts[index]?.url === url) yield* renew
    }
  })

  const sentBytes = yield* Stream.fromAsyncIterable(parts, (cause) =>
    uploadFailed(begun, `it could not be read (${String(cause)})`, false),
  ).pipe(
    Stream.zipWithIndex,
    Stream.mapEffect(([bytes, index]) => sendPart(bytes, index), { concurrency: partsInFlight }),
    Stream.runFold(
      () => 0,
      (total, size) => total + size,
    ),
  )
  if (sentBytes !== getFileSize(file)) {
    return yield* uploadFailed(
      begun,
      `it has ${sentBytes} bytes, not the ${getFileSize(file)} it was said to have`,
      false,
    )
  }
})

/** The failure of an upload that Scenario knows. */
export const uploadFailed = (upload: Upload, reason: string, isRetryable: boolean): UploadFailed =>
  new UploadFailed({ uploadId: upload.uploadId, fileName: upload.fileName, reason, isRetryable })

const partBackoff: Backoff = { firstMs: 500, maxMs: 20_000 }
