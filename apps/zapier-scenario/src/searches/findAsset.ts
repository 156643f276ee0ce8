import { Assets } from "@scenario-automation/core"
import { Effect } from "effect"
import { defineSearch } from "zapier-platform-core"
import { assetField, missingAsset } from "../fields/assetInput.ts"
import { readRequiredText } from "../fields/readField.ts"
import { toAssetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { isNotFound } from "../StepError.ts"

export const findAsset = defineSearch({
  key: "find_asset",
  noun: "Asset",
  display: {
    label: "Find Asset",
    description:
      "Finds an asset by its ID, and returns its file with a fresh Asset URL. Asset URLs work for at least a day, then they expire; IDs don't. The search is free.",
  },
  operation: {
    inputFields: [{ ...assetField, required: true }],
    perform: (z, bundle) =>
      runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const assets = yield* Assets
          return [
            toAssetOutput(
              z,
              yield* assets.get(yield* readRequiredText(bundle.inputData, assetField, missingAsset)),
            ),
          ]
        }).pipe(
          Effect.catchIf(isNotFound, () => Effect.succeed([])),
          withinStep(startStepClock()),
        ),
      ),
    sample: assetSample,
    outputFields: assetOutputFields,
  },
})
