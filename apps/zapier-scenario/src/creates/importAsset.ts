import {
  type ApiError,
  type Asset,
  AssetLibrary,
  Assets,
  InvalidInput,
  type UploadError,
  Uploads,
} from "@scenario-automation/core"
import { Effect } from "effect"
import { defineCreate, type PlainInputField } from "zapier-platform-core"
import { collectionField } from "../fields/collectionField.ts"
import { describeLink, findLinkProblem } from "../fields/fileLink.ts"
import { readChoice, readOptionalText, readRequiredText } from "../fields/readField.ts"
import { inspectLink, namesFile } from "../inspectLink.ts"
import { toAssetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, tooSlow, withinStep } from "../StepClock.ts"
import { ImportedUnread, ImportGoesOn, ImportUncertain } from "../toZapierError.ts"

const fileField = {
  key: "file",
  label: "File",
  type: "file",
  required: true,
  helpText: "A file from another step, or a link to it that works without a password.",
} as const satisfies PlainInputField

const kindField = {
  key: "kind",
  label: "Kind",
  type: "string",
  choices: { image: "Image", video: "Video", audio: "Audio", "3d": "3D", text: "Text" },
  helpText: "What the file is. Leave it empty to have the step find out.",
} as const satisfies PlainInputField

const importCollectionField = collectionField("The collection to put the asset in. Leave it empty for none.")

export const importAsset = defineCreate({
  key: "import_asset",
  noun: "Asset",
  display: {
    label: "Import Asset",
    description:
      "Generates an asset from a file or a link, so that generations can use it. It costs no compute units. It waits until the file is imported, about 20 seconds at most, and returns the asset with its ID and its URL. Large videos and 3D files take longer: the trigger New Asset fires when they are there.",
  },
  operation: {
    inputFields: [fileField, kindField, importCollectionField],
    perform: (z, bundle) => {
      const { inputData } = bundle
      const clock = startStepClock()
      return runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const link = yield* readRequiredText(inputData, fileField, "a file or a link to it")
          const problem = findLinkProblem(link)
          if (problem !== undefined) {
            const issue = { path: fileField.label, expected: problem, got: describeLink(link) }
            return yield* new InvalidInput({ issues: [issue] })
          }
          const kind = yield* readChoice(inputData, kindField)
          const collection = yield* readOptionalText(inputData, importCollectionField)
          const linked = namesFile(link) ? {} : yield* inspectLink(z, link)
          const uploads = yield* Uploads
          const { assetId } = yield* uploads
            .importUrl(link, {
              kind: kind ?? toKind(linked.contentType),
              collectionIds: collection === undefined ? undefined : [collection],
              timeout: Math.max(0, clock.leftMs() - reserveForAssetMs),
            })
            .pipe(withinStep(clock), Effect.mapError(toImportError))
          const asset = yield* (yield* Assets).get(assetId).pipe(
            withinStep(clock),
            Effect.mapError((cause) => new ImportedUnread({ assetId, cause })),
          )
          return toAssetOutput(z, yield* withName(asset, linked.fileName, clock.leftMs()))
        }),
      )
    },
    sample: { ...assetSample, prompt: null, model: null, generation: null },
    outputFields: assetOutputFields,
  },
})

/** Kept for reading the asset that the file has become. */
const reserveForAssetMs = 4_000

const toKind = (contentType: string | undefined): string | undefined => {
  const family = contentType?.split("/")[0]
  return family === "model" ? "3d" : ["image", "video", "audio", "text"].find((kind) => kind === family)
}

/** An import that may have started must not be repeated. */
const toImportError = (error: UploadError | ApiError) => {
  if (error._tag === "UploadFailed") {
    return error.isRetryable && error.uploadId !== undefined
      ? new ImportGoesOn({ uploadId: error.uploadId })
      : error
  }
  if (error._tag === "InvalidInput") return error
  const { reason, request } = error
  const uploadId = /^GET \/uploads\/([^/]+)$/.exec(request)?.[1]
  if (uploadId !== undefined) return new ImportGoesOn({ uploadId: decodeURIComponent(uploadId) })
  const mayHaveStarted =
    error === tooSlow ||
    reason._tag === "Unavailable" ||
    reason._tag === "UnexpectedBody" ||
    (reason._tag === "Unreachable" && !reason.neverSent)
  return mayHaveStarted ? new ImportUncertain({ cause: error }) : error
}

/** Scenario names an import by its link. If that has no file name, the asset gets the one that the link led to. */
const withName = Effect.fnUntraced(function* (asset: Asset, fileName: string | undefined, leftMs: number) {
  if (fileName === undefined) return asset
  const library = yield* AssetLibrary
  return yield* library.update(asset.assetId, { name: fileName }).pipe(
    Effect.timeout(Math.min(maxNamingMs, leftMs)),
    Effect.as<Asset>({ ...asset, name: fileName }),
    // The asset is there, which is what counts.
    Effect.orElseSucceed(() => asset),
  )
})

const maxNamingMs = 3_000
