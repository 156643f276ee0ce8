import { Context, Duration, Effect, Layer, Predicate, Schedule, Stream } from "effect"
import { readAsset } from "../api/Asset.ts"
import { readUploadAnswer, type Upload, type UploadPart } from "../api/Upload.ts"
import { type ApiError, type InvalidInput, UploadFailed } from "../errors.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { contentTypeOf, type LocalFile, sizeOf } from "./LocalFile.ts"
import { anId, aText, requireAll } from "./argument.ts"
import { cut, fileParts } from "./fileParts.ts"
import { PartUploader } from "./PartUploader.ts"
import { asDataUrl, isSmallImage } from "./smallImage.ts"
import { contentTypeOfUrl, uploadKindOf } from "./uploadKind.ts"

export interface UploadOptions {
  /** What the file is to become: `image`, `video`, `3d`, … Default: by its type. */
  readonly kind?: string | undefined
  /** Keep the asset out of lists. Default false. */
  readonly hide?: boolean | undefined
  readonly parentId?: string | undefined
  readonly collectionIds?: ReadonlyArray<string> | undefined
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
    Effect.gen(function* () {
      const http = yield* ScenarioHttp
      const parts = yield* PartUploader

      const look = (uploadId: string) =>
        http.callFor({ method: "GET", path: pathOf(uploadId) }, readUploadAnswer)

      const get = Effect.fn("Uploads.get")(function* (uploadId: string) {
        yield* requireAll(anId("uploadId", uploadId))
        return yield* look(uploadId)
      })

      /** What the upload has become; the first look is at once. */
      const become = Effect.fnUntraced(function* (begun: Upload) {
        let file = yield* endOf(begun)
        for (let delay = firstDelayMs; file === undefined; delay = Math.min(delay * 1.5, longestDelayMs)) {
          file = yield* endOf(yield* look(begun.uploadId))
          if (file === undefined) yield* Effect.sleep(delay)
        }
        return file
      })

      const imported = (begun: Upload, timeout: Duration.Input = defaultTimeout) =>
        become(begun).pipe(
          Effect.timeoutOrElse({
            duration: timeout,
            orElse: () => {
              const limit = Duration.format(Duration.fromInputUnsafe(timeout))
              return Effect.fail(failed(begun, `Scenario had not imported it after ${limit}`, true))
            },
          }),
        )

      const createImage = Effect.fnUntraced(function* (file: LocalFile, options: UploadOptions) {
        const image = yield* asDataUrl(file)
        return yield* http.callFor(
          {
            method: "POST",
            path: "/assets",
            body: { image, name: file.fileName, ...assetOptionsOf(options) },
            timeout: "2 minutes",
          },
          readCreatedAsset,
        )
      })

      const putPart = (upload: Upload, part: UploadPart, bytes: Uint8Array, contentType: string) =>
        parts.putPart(part.url, bytes, contentType).pipe(
          Effect.retry({ schedule: partSchedule, while: (error) => error.isRetryable }),
          Effect.mapError((error) => failed(upload, error.reason, error.isRetryable)),
        )

      /** All parts, a few at a time: what is in memory is the parts on their way, and the next. */
      const putParts = Effect.fnUntraced(function* (upload: Upload, file: LocalFile, partSize: number) {
        const sent = yield* Stream.fromAsyncIterable(fileParts(file, partSize), (cause) =>
          failed(upload, `it could not be read (${String(cause)})`, false),
        ).pipe(
          Stream.zipWithIndex,
          Stream.mapEffect(
            ([bytes, index]) => {
              const part = upload.parts[index]
              return part === undefined
                ? Effect.fail(failed(upload, `it is larger than its ${sizeOf(file)} bytes`, false))
                : Effect.as(putPart(upload, part, bytes, contentTypeOf(file)), bytes.byteLength)
            },
            { concurrency: partsInFlight },
          ),
          Stream.runFold(
            () => 0,
            (total, size) => total + size,
          ),
        )
        if (sent !== sizeOf(file)) {
          return yield* failed(
            upload,
            `it has ${sent} bytes, not the ${sizeOf(file)} it was said to have`,
            false,
          )
        }
      })

      /** Tells that all parts are there. Where that was told already, and the answer lost, the refusal is good news. */
      const complete = (upload: Upload) =>
        http
          .callFor(
            {
              method: "POST",
              path: `${pathOf(upload.uploadId)}/action`,
              body: { action: "complete" },
              isRepeatable: true,
            },
            readUploadAnswer,
          )
          .pipe(
            Effect.catchIf(
              ({ reason }) => reason._tag === "Rejected",
              (refusal) =>
                Effect.flatMap(look(upload.uploadId), (seen) =>
                  seen.status === "pending" ? Effect.fail(refusal) : Effect.succeed(seen),
                ),
            ),
          )

      const upload = Effect.fn("Uploads.upload")(function* (file: LocalFile, options: UploadOptions = {}) {
        const fileSize = sizeOf(file)
        yield* requireAll(aText("fileName", file.fileName), [
          "file",
          `${fileSize} bytes`,
          "a file that is not empty",
          fileSize > 0,
        ])
        const contentType = contentTypeOf(file)
        const kind = uploadKindOf(options.kind, contentType)
        if (kind === "image" && isSmallImage(file)) return yield* createImage(file, options)
        const { partSize, count } = cut(fileSize)
        const begun = yield* http.callFor(
          {
            method: "POST",
            path: "/uploads",
            body: {
              fileName: file.fileName,
              fileSize,
              contentType,
              kind,
              parts: count,
              assetOptions: givenAssetOptions(options),
            },
          },
          readUploadAnswer,
        )
        if (begun.parts.length !== count) {
          return yield* failed(begun, `Scenario offers ${begun.parts.length} parts instead of ${count}`, true)
        }
        yield* putParts(begun, file, partSize)
        return yield* imported(yield* complete(begun), options.timeout)
      })

      const importUrl = Effect.fn("Uploads.importUrl")(function* (url: string, options: UploadOptions = {}) {
        yield* requireAll([
          "url",
          url.replace(/[?#].*$/s, ""),
          "an http(s) URL that Scenario can reach",
          URL.canParse(url) && /^https?:/i.test(url),
        ])
        const begun = yield* http.callFor(
          {
            method: "POST",
            path: "/uploads",
            body: {
              url,
              kind: uploadKindOf(options.kind, contentTypeOfUrl(url)),
              assetOptions: givenAssetOptions(options),
            },
            timeout: "2 minutes",
          },
          readUploadAnswer,
        )
        return yield* imported(begun, options.timeout)
      })

      return Uploads.of({ upload, importUrl, get })
    }),
  )
}

const defaultTimeout = Duration.minutes(5)

const partsInFlight = 3

/** A part is put again four times, half a second apart at first. */
const partSchedule = Schedule.exponential("500 millis", 2).pipe(
  Schedule.jittered,
  Schedule.upTo({ times: 4 }),
)

/** Between two looks at an upload. */
const firstDelayMs = 500
const longestDelayMs = 5_000

const pathOf = (uploadId: string): string => `/uploads/${encodeURIComponent(uploadId)}`

const assetOptionsOf = ({ hide, parentId, collectionIds }: UploadOptions) => ({
  hide,
  parentId,
  collectionIds,
})

const givenAssetOptions = (options: UploadOptions) => {
  const given = assetOptionsOf(options)
  return Object.values(given).some((option) => option !== undefined) ? given : undefined
}

const failed = (upload: Upload, reason: string, isRetryable: boolean): UploadFailed =>
  new UploadFailed({ uploadId: upload.uploadId, fileName: upload.fileName, reason, isRetryable })

/** What an upload has become, nothing while it is on its way, or its failure. */
const endOf = (upload: Upload): Effect.Effect<UploadedFile | undefined, UploadFailed> => {
  if (upload.status === "failed") {
    return Effect.fail(failed(upload, upload.error ?? "Scenario could not import it", false))
  }
  return Effect.succeed(
    upload.entityId === undefined ? undefined : { assetId: upload.entityId, uploadId: upload.uploadId },
  )
}

const readCreatedAsset = (body: unknown): UploadedFile | undefined => {
  const asset = Predicate.hasProperty(body, "asset") ? readAsset(body.asset) : undefined
  return asset === undefined ? undefined : { assetId: asset.assetId }
}
