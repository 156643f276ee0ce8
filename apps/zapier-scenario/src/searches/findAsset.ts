import { type Asset, Assets } from "@scenario-automation/core"
import { getContentType } from "@scenario-automation/core/host"
import { Effect } from "effect"
import { defineSearch, type PlainInputField } from "zapier-platform-core"
import { assetField, missingAsset } from "../fields/assetInput.ts"
import { readChoice, readRequiredText } from "../fields/readField.ts"
import { toAssetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { isNotFound } from "../StepError.ts"

const formatField = {
  key: "format",
  label: "Format",
  type: "string",
  choices: {
    png: "PNG",
    jpeg: "JPEG",
    webp: "WebP",
    avif: "AVIF",
    tiff: "TIFF",
    glb: "GLB (3D)",
    obj: "OBJ (3D)",
    fbx: "FBX (3D)",
  },
  helpText:
    "The format to convert the file to. Images convert to image formats, and 3D files to 3D formats. Leave it empty to keep the file's own format.",
} as const satisfies PlainInputField

export const findAsset = defineSearch({
  key: "find_asset",
  noun: "Asset",
  display: {
    label: "Find Asset",
    description:
      "Finds an asset by its ID, and returns its file with a fresh Asset URL, in another format if you choose one. Asset URLs work for at least a day, then they expire; IDs don't. The Thumbnail URL never expires, and shows a small picture to anyone who has it, even if the asset is private. The search is free.",
  },
  operation: {
    inputFields: [{ ...assetField, required: true }, formatField],
    perform: (z, bundle) =>
      runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const assetId = yield* readRequiredText(bundle.inputData, assetField, missingAsset)
          const format = yield* readChoice(bundle.inputData, formatField)
          const assets = yield* Assets
          const asset = yield* assets.get(assetId)
          if (format === undefined) return [toAssetOutput(z, asset)]
          const { url } = yield* assets.convert(assetId, format)
          return [{ ...toAssetOutput(z, toConverted(asset, url, format)), file: url }]
        }).pipe(
          Effect.catchIf(isNotFound, () => Effect.succeed([])),
          withinStep(startStepBudget()),
        ),
      ),
    sample: assetSample,
    outputFields: assetOutputFields,
  },
})

const toConverted = (asset: Asset, url: string, format: string): Asset => ({
  ...asset,
  url,
  mimeType: getContentType({ fileName: `file.${format}`, bytes: new Uint8Array() }),
})
