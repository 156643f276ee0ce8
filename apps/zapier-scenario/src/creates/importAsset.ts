import {
  type ApiError,
  type Asset,
  AssetLibrary,
  Assets,
  type UploadError,
  Uploads,
} from "@scenario-automation/core"
import { Effect } from "effect"
import { defineCreate, type PlainInputField } from "zapier-platform-core"
import { collectionField } from "../fields/collectionField.ts"
import { findLinkProblem } from "../fields/fileLink.ts"
import { refuseField } from "../fields/InvalidFields.ts"
import { readChoice, readOptionalText, readRequiredText } from "../fields/readField.ts"
import { inspectLink, namesFile } from "../inspectLink.ts"
import { toAssetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, tooSlow, withinStep } from "../StepBudget.ts"
import { ImportedUnread, ImportPending, ImportUncertain } from "../StepError.ts"

const fileField = {
  key: "file",
  label: "File",
  type: "file",
  required: true,
  helpText: "A file from an earlier step, or a link to a file. The link must work without a password.",
} as const satisfies PlainInputField

const kindField = {
  key: "kind",
  label: "Kind",
  type: "string",
  choices: { image: "Image", video: "Video", audio: "Audio", "3d": "3D", text: "Text" },
  helpText: "The kind of file. Leave it empty to detect it.",
} as const satisfies PlainInputField

const importCollectionField = collectionField(
  "The collection to add the asset to. Leave it empty to add it to none.",
)

export const importAsset = defineCreate({
  key: "import_asset",
  noun: "Asset",
  display: {
    label: "Import Asset",
    description:
      "Generates an asset from a file or a link, so that generations can use it. It costs no compute units. The step waits about 20 seconds at most, and returns the Asset ID and the Asset URL. Large videos and 3D files take longer: the trigger New Asset fires when they are imported.",
  },
  operation: {
    inputFields: [fileField, kindField, importCollectionField],
    perform: (z, bundle) => {
      const { inputData } = bundle
      const budget = startStepBudget()
      return runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const link = yield* readRequiredText(inputData, fileField, "Map a file, or enter a link to one.")
          const problem = findLinkProblem(link)
          if (problem !== undefined) return yield* refuseField(fileField.label, problem)
          const kind = yield* readChoice(inputData, kindField)
          const collection = yield* readOptionalText(inputData, importCollectionField)
          const linked = namesFile(link) ? {} : yield* inspectLink(z, link)
          const uploads = yield* Uploads
          const { assetId } = yield* uploads
            .importUrl(link, {
              kind: kind ?? toKind(linked.contentType),
              collectionIds: collection === undefined ? undefined : [collection],
              timeout: Math.max(0, budget.leftMs() - reserveForAssetMs),
            })
            .pipe(withinStep(budget), Effect.mapError(toImportError))
          const asset = yield* (yield* Assets).get(assetId).pipe(
            withinStep(budget),
            Effect.mapError((cause) => new ImportedUnread({ assetId, cause })),
          )
          return toAssetOutput(z, yield* setName(asset, linked.fileName, budget.leftMs()))
        }),
      )
    },
    sample: { ...assetSample, prompt: null, model: null, generation: null },
    outputFields: assetOutputFields,
  },
})

const reserveForAssetMs = 4_000

const toKind = (contentType: string | undefined): string | undefined => {
  const family = contentType?.split("/")[0]
  return family === "model" ? "3d" : ["image", "video", "audio", "text"].find((kind) => kind === family)
}

/** An import that may have started must not be repeated. */
const toImportError = (error: UploadError | ApiError) => {
  if (error._tag === "UploadFailed") {
    return error.isRetryable && error.uploadId !== undefined
      ? new ImportPending({ uploadId: error.uploadId })
      : error
  }
  if (error._tag === "InvalidInput") return error
  const { reason, request } = error
  const uploadId = /^GET \/uploads\/([^/]+)$/.exec(request)?.[1]
  if (uploadId !== undefined) return new ImportPending({ uploadId: decodeURIComponent(uploadId) })
  const mayHaveStarted =
    error === tooSlow ||
    reason._tag === "Unavailable" ||
    reason._tag === "UnexpectedBody" ||
    (reason._tag === "Unreachable" && !reason.neverSent)
  return mayHaveStarted ? new ImportUncertain({ cause: error }) : error
}

/** Scenario names an asset after its link. If the link has no file name, this sets the name that the server sent. */
const setName = Effect.fnUntraced(function* (asset: Asset, fileName: string | undefined, leftMs: number) {
  if (fileName === undefined) return asset
  const library = yield* AssetLibrary
  return yield* library.update(asset.assetId, { name: fileName }).pipe(
    Effect.timeout(Math.min(maxNamingMs, leftMs)),
    Effect.as<Asset>({ ...asset, name: fileName }),
    // The import succeeded, which matters more than the name.
    Effect.orElseSucceed(() => asset),
  )
})

const maxNamingMs = 3_000
