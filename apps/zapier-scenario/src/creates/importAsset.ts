import { Assets, Uploads } from "@scenario-automation/core"
import { Effect } from "effect"
import { defineCreate } from "zapier-platform-core"
import { collectionField } from "../fields/collectionField.ts"
import { textAt } from "../fields/textAt.ts"
import { assetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { ImportedUnread, ImportGoesOn } from "../toZapierError.ts"

export const importAsset = defineCreate({
  key: "import_asset",
  noun: "Asset",
  display: {
    label: "Import Asset",
    description:
      "Generates an asset out of a file or a URL, so that generations can use it. It costs no compute units. It waits until the file is imported, about 20 seconds at most, and returns the asset with its ID and its URL; large videos and 3D files take longer, and then the trigger New Asset tells of them.",
  },
  operation: {
    inputFields: [
      {
        key: "file",
        label: "File",
        type: "file",
        required: true,
        helpText:
          "A file from another step, or its URL. Scenario must be able to fetch it without a password.",
      },
      {
        key: "kind",
        label: "Kind",
        type: "string",
        choices: {
          image: "Image",
          video: "Video",
          audio: "Audio",
          "3d": "3D",
          text: "Text",
        },
        helpText:
          "What the file is. Needed where its URL does not end like a file name; else it is told by that.",
      },
      collectionField("Where to put the asset. Leave it empty for none."),
    ],
    perform: (z, bundle) => {
      const kind = textAt(bundle.inputData, "kind")
      const collection = textAt(bundle.inputData, "collection")
      const clock = startStepClock()
      return runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const uploads = yield* Uploads
          const assets = yield* Assets
          const imported = uploads.importUrl(textAt(bundle.inputData, "file") ?? "", {
            kind,
            collectionIds: collection === undefined ? undefined : [collection],
            timeout: Math.max(0, clock.leftMs() - reserveForAssetMs),
          })
          const { assetId } = yield* imported.pipe(
            Effect.catchTag("UploadFailed", (failed) =>
              Effect.fail(
                failed.isRetryable && failed.uploadId !== undefined
                  ? new ImportGoesOn({ uploadId: failed.uploadId })
                  : failed,
              ),
            ),
            withinStep(clock),
          )
          const asset = yield* assets.get(assetId).pipe(
            withinStep(clock),
            Effect.mapError((cause) => new ImportedUnread({ assetId, cause })),
          )
          return assetOutput(z, asset)
        }),
      )
    },
    sample: { ...assetSample, prompt: null, model: null, generation: null },
    outputFields: assetOutputFields,
  },
})

/** Kept for reading the asset that the file has become. */
const reserveForAssetMs = 3_000
