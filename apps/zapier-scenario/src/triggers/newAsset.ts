import { AssetLibrary } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import { defineTrigger } from "zapier-platform-core"
import { collectionField } from "../fields/collectionField.ts"
import { textAt } from "../fields/textAt.ts"
import { assetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { rowsOfPoll } from "./rowsOfPoll.ts"

export const newAsset = defineTrigger({
  key: "new_asset",
  noun: "Asset",
  display: {
    label: "New Asset",
    description:
      "Triggers when a new asset is in your project, generated or imported. It brings the file and its URL.",
  },
  operation: {
    type: "polling",
    inputFields: [collectionField("Trigger only for assets of this collection. Leave it empty for all.")],
    perform: (z, bundle) => {
      const collectionId = textAt(bundle.inputData, "collection")
      const { most, pageSize } = rowsOfPoll(bundle, 100)
      return runStep(
        z,
        bundle,
        Effect.flatMap(AssetLibrary, (library) =>
          Stream.runCollect(
            library
              .list({
                sortBy: "createdAt",
                sortDirection: "desc",
                pageSize,
                collectionId,
              })
              .pipe(Stream.take(most)),
          ),
        ).pipe(
          withinStep(startStepClock()),
          // A page may begin too early when something new came in between: the same asset twice is refused by Zapier.
          Effect.map((assets) => [
            ...new Map(
              assets
                .filter(({ status }) => status === "success")
                .map((asset) => [asset.assetId, assetOutput(z, asset)]),
            ).values(),
          ]),
        ),
      )
    },
    sample: assetSample,
    outputFields: assetOutputFields,
  },
})
