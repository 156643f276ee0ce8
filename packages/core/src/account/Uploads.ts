import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { readAsset } from "../api/Asset.ts"
import { readUploadResponse, type Upload } from "../api/Upload.ts"
import { defaultImportTimeout } from "../defaults.ts"
import type { ApiError, InvalidInput, UploadFailed } from "../errors.ts"
import { type Backoff, getBackoffMs } from "../http/backoff.ts"
import { retryUntilAccepted } from "../http/RetryPolicy.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkId, checkText, checkValue, requireAll } from "../checkArguments.ts"
import { planParts } from "./fileParts.ts"
import { type LocalFile, getFileSize } from "./LocalFile.ts"
import { type OpenedFile, readWhole, withOpenFile } from "./OpenedFile.ts"
import { PartUploader } from "../http/PartUploader.ts"
import { sendParts, toUploadFailed } from "./sendParts.ts"
import { isSmallImage, toDataUrl } from "./smallImage.ts"
import { getContentTypeOfUrl, chooseUploadKind } from "./uploadKind.ts"

export interface UploadProperties {
  /** What the file becomes: `image`, `video`, `3d`, … Default: chosen by its type. */
  readonly kind?: string | undefined
  /** Whether to hide the asset in lists. Default false. */
  readonly hide?: boolean | undefined
  /** The asset that the file was made from. Default: none. */
  readonly parentId?: string | undefined
  /** The collections that it is added to. Default: none. */
  readonly collectionIds?: ReadonlyArray<string> | undefined
}

export interface UploadOptions extends UploadProperties {
  /** How long Scenario may take to import the uploaded file. Default 5 minutes. A number is in milliseconds. */
  readonly timeout?: Duration.Input | undefined
}

/** A file that Scenario has imported. */
export interface UploadedFile {
  /** The ID of the new asset; for the kind `model`, that of the model. */
  readonly assetId: string
  /** Absent for a small image, which is sent without an upload. */
  readonly uploadId?: string | undefined
}

/** How an upload can fail. */
export type UploadError = UploadFailed | InvalidInput | ApiError

/** Uploads and imports files. */
export class Uploads extends Context.Service<
  Uploads,
  {
    /** Uploads a local file, and waits until it is an asset. */
    upload(file: LocalFile, options?: UploadOptions): Effect.Effect<UploadedFile, UploadError>
    /** Imports a file from a URL that Scenario can reach, and waits until it is an asset. */
    importUrl(url: string, options?: UploadOptions): Effect.Effect<UploadedFile, UploadError>
    /** Gets an upload. */
    get(uploadId: string): Effect.Effect<Upload, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Uploads") {
  /** @internal */
  static readonly layer: Layer.Layer<Uploads, never, ScenarioHttp | PartUploader> = Layer.effect(
    Uploads,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  const uploader = yield* PartUploader

  const read = (uploadId: string) =>
    http.callFor({ method: "GET", path: getPath(uploadId) }, readUploadResponse)

  const get = Effect.fn("scenario.uploads.get")(function* (uploadId: string) {
    yield* requireAll(checkId("uploadId", uploadId))
    return yield* read(uploadId)
  })

  /** The first poll is immediate. */
  const pollUntilImported = Effect.fnUntraced(function* (started: Upload) {
    let file = yield* findResult(started)
    for (let polls = 1; file === undefined; polls++) {
      file = yield* findResult(yield* read(started.uploadId))
      if (file === undefined) yield* Effect.sleep(getBackoffMs(pollBackoff, polls))
    }
    return file
  })

  const waitUntilImported = (started: Upload, timeout: Duration.Input = defaultImportTimeout) =>
    pollUntilImported(started).pipe(
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => {
          const limit = Duration.format(Duration.fromInputUnsafe(timeout))
          return toUploadFailed(started, `Scenario didn't import it within ${limit}`, true)
        },
      }),
    )

  const createImage = (image: string, fileName: string, options: UploadOptions) =>
    retryUntilAccepted(
      http.callFor(
        {
          method: "POST",
          path: "/assets",
          body: { image, name: fileName, ...toAssetOptions(options) },
          timeout: "2 minutes",
        },
        readCreatedAsset,
      ),
    )

  const start = (body: object, options: UploadOptions, timeout?: Duration.Input) =>
    retryUntilAccepted(
      http.callFor(
        {
          method: "POST",
          path: "/uploads",
          body: { ...body, assetOptions: toAssetOptionsIfSet(options) },
          ...(timeout === undefined ? {} : { timeout }),
        },
        readUploadResponse,
      ),
    )

  /** Marks the upload complete. If the API rejects that, an earlier attempt may have done it. */
  const complete = (upload: Upload) =>
    http
      .callFor(
        {
          method: "POST",
          path: `${getPath(upload.uploadId)}/action`,
          body: { action: "complete" },
          isRepeatable: true,
        },
        readUploadResponse,
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
    const { count } = planParts(fileSize)
    const started = yield* start({ fileName, fileSize, contentType, kind, parts: count }, options)
    if (started.parts.length !== count) {
      const reason = `Scenario returned ${started.parts.length} parts instead of ${count}`
      return yield* toUploadFailed(started, reason, true)
    }
    yield* sendParts(started, opened, { uploader, refresh: read, serverTime: http.serverTime })
    return yield* waitUntilImported(yield* complete(started), options.timeout)
  })

  const upload = Effect.fn("scenario.uploads.upload")(function* (
    file: LocalFile,
    options: UploadOptions = {},
  ) {
    const fileSize = getFileSize(file)
    yield* requireAll(
      checkText("fileName", file.fileName),
      fileSize > 0 ? undefined : { path: "file", message: "The file is empty. Pass one with content." },
    )
    return yield* withOpenFile(file, (opened) => send(opened, options))
  })

  const importUrl = Effect.fn("scenario.uploads.importUrl")(function* (
    url: string,
    options: UploadOptions = {},
  ) {
    yield* requireAll(
      checkValue(
        "url",
        url.replace(/[?#].*$/s, ""),
        "an http(s) URL that Scenario can reach",
        URL.canParse(url) && /^https?:/i.test(url),
      ),
    )
    const kind = chooseUploadKind(options.kind, getContentTypeOfUrl(url))
    const started = yield* start({ url, kind }, options, "2 minutes")
    return yield* waitUntilImported(started, options.timeout)
  })

  return Uploads.of({ upload, importUrl, get })
})

/** Between two polls of an upload. */
const pollBackoff: Backoff = { firstMs: 500, maxMs: 5_000, factor: 1.5 }

const getPath = (uploadId: string): string => `/uploads/${encodeURIComponent(uploadId)}`

const toAssetOptions = ({ hide, parentId, collectionIds }: UploadOptions) => ({
  hide,
  parentId,
  collectionIds,
})

const toAssetOptionsIfSet = (options: UploadOptions) => {
  const given = toAssetOptions(options)
  return Object.values(given).some((option) => option !== undefined) ? given : undefined
}

/** The result of an upload; `undefined` while it isn't imported. */
const findResult = (upload: Upload): Effect.Effect<UploadedFile | undefined, UploadFailed> => {
  if (upload.status === "failed") {
    return Effect.fail(toUploadFailed(upload, upload.error ?? "Scenario could not import it", false))
  }
  return Effect.succeed(
    upload.entityId === undefined ? undefined : { assetId: upload.entityId, uploadId: upload.uploadId },
  )
}

const readCreatedAsset = (body: unknown): UploadedFile | undefined => {
  const asset = Predicate.hasProperty(body, "asset") ? readAsset(body.asset) : undefined
  return asset === undefined ? undefined : { assetId: asset.assetId }
}
