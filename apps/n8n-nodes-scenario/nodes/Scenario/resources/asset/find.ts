import { AssetLibrary, Assets } from "@scenario-automation/core"
import { Effect } from "effect"
import {
  assetTypesFilter,
  collectionIdFilter,
  filtersField,
  isPublic,
  modelIdFilter,
  publicFilter,
  searchForField,
} from "../../fields/lists.ts"
import { assetIdField } from "../../fields/target.ts"
import type { Operation } from "../../Operation.ts"
import { toAssetJson } from "../../output/toJson.ts"
import { toFilledList, toText } from "../../values.ts"
import { getManyOf, searchOf } from "../listing.ts"

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

export const getMany = getManyOf({
  action: "Get many assets",
  description: "Get many assets",
  filters: filtersField([
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

export const search = searchOf({
  action: "Search assets",
  description: "Search assets by words",
  what: searchForField("e.g. a red house"),
  filters: filtersField([publicFilter]),
  list: (item) =>
    AssetLibrary.useSync((library) =>
      library.search(item.text("query"), { public: isPublic(item, false) ? true : undefined }),
    ),
  json: toAssetJson,
})
