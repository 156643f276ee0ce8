import { AssetLibrary, Assets } from "@scenario-automation/core"
import { Effect } from "effect"
import {
  assetTypesFilter,
  collectionIdFilter,
  makeFiltersField,
  isPublic,
  modelIdFilter,
  publicFilter,
  makeSearchField,
} from "../../fields/lists.ts"
import { assetIdField } from "../../fields/target.ts"
import type { Operation } from "../../Operation.ts"
import { toAssetJson } from "../../output/toJson.ts"
import { toFilledList, toText } from "../../values.ts"
import { makeGetMany, makeSearch } from "../makeListing.ts"

export const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get an asset",
  description: "Get an asset with a fresh link to its file",
  fields: [assetIdField],
  run: (item) =>
    Effect.map(
      Assets.use((assets) => assets.get(item.text("assetId"))),
      (asset) => [{ json: toAssetJson(asset) }],
    ),
}

export const getMany = makeGetMany({
  action: "Get many assets",
  description: "Get many assets",
  filters: makeFiltersField([
    assetTypesFilter,
    collectionIdFilter,
    {
      displayName: "Created After",
      name: "createdAfter",
      type: "dateTime",
      default: "",
    },
    {
      displayName: "Created From Asset ID",
      name: "parentAssetId",
      type: "string",
      default: "",
      placeholder: "e.g. asset_GTrL3mq4SXWyMxkOHRxlpw",
    },
    modelIdFilter,
  ]),
  list: (item) =>
    AssetLibrary.useSync((library) =>
      library.list({
        types: toFilledList(item.filter("types")),
        collectionId: toText(item.filter("collectionId")),
        createdAfter: toText(item.filter("createdAfter")),
        parentAssetId: toText(item.filter("parentAssetId")),
        modelId: toText(item.filter("modelId")),
      }),
    ),
  json: toAssetJson,
})

export const search = makeSearch({
  action: "Search assets",
  description: "Search assets by words",
  what: makeSearchField("e.g. a red house"),
  filters: makeFiltersField([publicFilter]),
  list: (item) =>
    AssetLibrary.useSync((library) =>
      library.search(item.text("query"), { public: isPublic(item, false) ? true : undefined }),
    ),
  json: toAssetJson,
})
