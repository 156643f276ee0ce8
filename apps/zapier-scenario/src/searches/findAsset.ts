import { Assets } from "@scenario-automation/core"
import { Effect } from "effect"
import { defineSearch } from "zapier-platform-core"
import { assetField } from "../fields/assetInput.ts"
import { readRequiredText } from "../fields/readField.ts"
import { toAssetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { isNotFound } from "../toZapierError.ts"

export const findAsset = defineSearch({
  key: "find_asset",
  noun: "Asset",
  display: {
    label: "Find Asset",
    description:
      "Finds an asset by its ID, and returns its file with a fresh URL. URLs expire, after a day at the earliest; IDs don't. It costs nothing.",
  },
  operation: {
    inputFields: [{ ...assetField, required: true }],
    perform: (z, bundle) =>
      runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const assets = yield* Assets
          return [toAssetOutput(z, yield* assets.get(yield* readRequiredText(bundle.inputData, assetField)))]
        }).pipe(
          Effect.catchIf(isNotFound, () => Effect.succeed([])),
          withinStep(startStepClock()),
        ),
      ),
    sample: assetSample,
    outputFields: assetOutputFields,
  },
})
