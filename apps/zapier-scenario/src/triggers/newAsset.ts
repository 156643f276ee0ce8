import { type ApiError, type Asset, AssetLibrary, type InvalidInput } from "@scenario-automation/core"
import { readRecent } from "@scenario-automation/core/host"
import { Effect } from "effect"
import { defineTrigger } from "zapier-platform-core"
import { collectionField } from "../fields/collectionField.ts"
import { readOptionalText } from "../fields/readField.ts"
import { toAssetOutput, assetOutputFields, assetSample } from "../outputs/assetOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { sampleRows } from "./sampleRows.ts"

const triggerCollectionField = collectionField(
  "Only assets in this collection trigger the Zap. Leave it empty for all assets.",
)

export const newAsset = defineTrigger({
  key: "new_asset",
  noun: "Asset",
  display: {
    label: "New Asset",
    description:
      "Triggers when a new asset is generated or imported in your project. It returns the file and its URL.",
  },
  operation: {
    type: "polling",
    inputFields: [triggerCollectionField],
    perform: (z, bundle) =>
      runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const collectionId = yield* readOptionalText(bundle.inputData, triggerCollectionField)
          const library = yield* AssetLibrary
          const isSample = bundle.meta.isLoadingSample
          const assets = yield* readRecent<Asset, ApiError | InvalidInput, never>(
            {
              readPage: (paginationToken) =>
                library.page({
                  sortBy: "createdAt",
                  sortDirection: "desc",
                  pageSize: 100,
                  collectionId,
                  paginationToken,
                }),
              getId: ({ assetId }) => assetId,
              getCreatedAt: ({ createdAt }) => createdAt,
              isEnough: (read) => isSample && read.filter(isReady).length >= sampleRows,
            },
            isSample ? { maxAge: Infinity } : {},
          )
          const rows = assets.filter(isReady).map((asset) => toAssetOutput(z, asset))
          return isSample ? rows.slice(0, sampleRows) : rows
        }).pipe(withinStep(startStepBudget())),
      ),
    sample: assetSample,
    outputFields: assetOutputFields,
  },
})

/** Videos are listed some time before they are available. */
const isReady = ({ status, url }: Asset): boolean => status === "success" && url !== ""
