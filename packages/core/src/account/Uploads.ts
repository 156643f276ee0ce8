import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { readAsset } from "../api/Asset.ts"
import { readUploadAnswer, type Upload } from "../api/Upload.ts"
import type { ApiError, InvalidInput, UploadFailed } from "../errors.ts"
import { type Backoff, getBackoffMs } from "../http/backoff.ts"
import { retryUntilAccepted } from "../http/RetryPolicy.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkId, checkText, checkValue, requireAll } from "../checkArguments.ts"
import { cut } from "./fileParts.ts"
import { type LocalFile, getFileSize } from "./LocalFile.ts"
import { type OpenedFile, readWhole, withOpenFile } from "./OpenedFile.ts"
import { PartUploader } from "../http/PartUploader.ts"
import { sendParts, uploadFailed } from "./sendParts.ts"
import { isSmallImage, toDataUrl } from "./smallImage.ts"
import { contentTypeOfUrl, chooseUploadKind } from "./uploadKind.ts"

export interface UploadProperties {
  /** What the file is to become: `image`, `video`, `3d`, … Default: by its type. */
  readonly kind?: string | undefined
  /** Keep the asset out of lists. Default false. */
  readonly hide?: boolean | undefined
  readonly parentId?: string | undefined
  readonly collectionIds?: ReadonlyArray<string> | undefined
}

export interface UploadOptions extends UploadProperties {
  /** How long Scenario may take to import the file once it is there. Default 5 minutes. */
  readonly timeout?: Duration.Input | undefined
}

/** A file that Scenario now keeps. */
export interface UploadedFile {
  /** The asset that it has become; for kind `model`, the model's id. */
  readonly assetId: string
  /** Absent for a small image, which needs no upload of its own. */
  readonly uploadId?: string | undefined
}

/** Everything in which an upload can end but success. */
export type UploadError = UploadFailed | InvalidInput | ApiError

/** Brings files to Scenario. */
export class Uploads extends Context.Service<
  Uploads,
  {
    /** A file of this machine. Ends when it is an asset. */
    upload(file: LocalFile, options?: UploadOptions): Effect.Effect<UploadedFile, UploadError>
    /** A file that Scenario can fetch by itself. */
    importUrl(url: string, options?: UploadOptions): Effect.Effect<UploadedFile, UploadError>
    get(uploadId: string): Effect.Effect<Upload, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Uploads") {
  static readonly layer: Layer.Layer<Uploads, never, ScenarioHttp | PartUploader> = Layer.effect(
    Uploads,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  const uploader = yield* PartUploader

  const read = (uploadId: string) => http.callFor({ method: "GET", path: pathTo(uploadId) }, readUploadAnswer)

  const get = Effect.fn("Uploads.get")(function* (uploadId: string) {
    yield* requireAll(checkId("uploadId", uploadId))
    return yield* read(uploadId)
  })

  /** What the upload has become; the first poll is at once. */
  const pollUntilImported = Effect.fnUntraced(function* (begun: Upload) {
    let file = yield* findResult(begun)
    for (let polls = 1; file === undefined; polls++) {
      file = yield* findResult(yield* read(begun.uploadId))
      if (file === undefined) yield* Effect.sleep(getBackoffMs(pollBackoff, polls))
    }
    return file
  })

  const imported = (begun: Upload, timeout: Duration.Input = defaultTimeout) =>
    pollUntilImported(begun).pipe(
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => {
          const limit = Duration.format(Duration.fromInputUnsafe(timeout))
          return uploadFailed(begun, `Scenario had not imported it after ${limit}`, true)
        },
      }),
    )

  const createImage = (image: string, fileName: string, options: UploadOptions) =>
    retryUntilAccepted(
      http.callFor(
        {
          method: "POST",
          path: "/assets",
          body: { image, name: fileName, ...assetOptionsFrom(options) },
          timeout: "2 minutes",
        },
        readCreatedAsset,
      ),
    )

  const begin = (body: object, options: UploadOptions, timeout?: Duration.Input) =>
    retryUntilAccepted(
      http.callFor(
        {
          method: "POST",
          path: "/uploads",
          body: { ...body, assetOptions: givenAssetOptions(options) },
          ...(timeout === undefined ? {} : { timeout }),
        },
        readUploadAnswer,
      ),
    )

  /** Marks the upload complete. A refusal can mean that an earlier, lost call already did. */
  const complete = (upload: Upload) =>
    http
      .callFor(
        {
          method: "POST",
          path: `${pathTo(upload.uploadId)}/action`,
          body: { action: "complete" },
          isRepeatable: true,
        },
        readUploadAnswer,
      )
      .pipe(
        Effect.catchIf(
          ({ reason }) => reason._tag === "Rejected",
          (refusal) =>
            Effect.flatMap(read(upload.uploadId), (snapshot) =>
              snapshot.status === "pending" ? Effect.fail(refusal) : Effect.succeed(snapshot),
            ),
        ),
      )

  const send = Effect.fnUntraced(function* (opened: OpenedFile, options: UploadOptions) {
    const { file, contentType } = opened
    const { fileName } = file
    const fileSize = getFileSize(file)
    const kind = chooseUploadKind(options.kind, contentType)
    if (kind === "image" && isSmallImage(contentType, fileSize)) {
      const bytes = yield* readWhole(opened)
      return yield* createImage(toDataUrl(bytes, contentType), fileName, options)
    }
    const { count } = cut(fileSize)
    const begun = yield* begin({ fileName, fileSize, contentType, kind, parts: count }, options)
    if (begun.parts.length !== count) {
      const reason = `Scenario offers ${begun.parts.length} parts instead of ${count}`
      return yield* uploadFailed(begun, reason, true)
    }
    yield* sendParts(begun, opened, { uploader, renew: read, serverTime: http.serverTime })
    return yield* imported(yield* complete(begun), options.timeout)
  })

  const upload = Effect.fn("Uploads.upload")(function* (file: LocalFile, options: UploadOptions = {}) {
    const fileSize = getFileSize(file)
    yield* requireAll(
      checkText("fileName", file.fileName),
      fileSize > 0 ? undefined : { path: "file", message: "The file is empty. Pass one with content." },
    )
    return yield* withOpenFile(file, (opened) => send(opened, options))
  })

  const importUrl = Effect.fn("Uploads.importUrl")(function* (url: string, options: UploadOptions = {}) {
    yield* requireAll(
      checkValue(
        "url",
        url.replace(/[?#].*$/s, ""),
        "an http(s) URL that Scenario can reach",
        URL.canParse(url) && /^https?:/i.test(url),
      ),
    )
    const kind = chooseUploadKind(options.kind, contentTypeOfUrl(url))
    const begun = yield* begin({ url, kind }, options, "2 minutes")
    return yield* imported(begun, options.timeout)
  })

  return Uploads.of({ upload, importUrl, get })
})

const defaultTimeout = Duration.minutes(5)

/** Between two polls of an upload. */
const pollBackoff: Backoff = { firstMs: 500, maxMs: 5_000, factor: 1.5 }

const pathTo = (uploadId: string): string => `/uploads/${encodeURIComponent(uploadId)}`

const assetOptionsFrom = ({ hide, parentId, collectionIds }: UploadOptions) => ({
  hide,
  parentId,
  collectionIds,
})

const givenAssetOptions = (options: UploadOptions) => {
  const given = assetOptionsFrom(options)
  return Object.values(given).some((option) => option !== undefined) ? given : undefined
}

/** What an upload has become, nothing while it is on its way, or its failure. */
const findResult = (upload: Upload): Effect.Effect<UploadedFile | undefined, UploadFailed> => {
  if (upload.status === "failed") {
    return Effect.fail(uploadFailed(upload, upload.error ?? "Scenario could not import it", false))
  }
  return Effect.succeed(
    upload.entityId === undefined ? undefined : { assetId: upload.entityId, uploadId: upload.uploadId },
  )
}

const readCreatedAsset = (body: unknown): UploadedFile | undefined => {
  const asset = Predicate.hasProperty(body, "asset") ? readAsset(body.asset) : undefined
  return asset === undefined ? undefined : { assetId: asset.assetId }
}
