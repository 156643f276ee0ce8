import { type Asset, AssetLibrary, Assets } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
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
import { assetWriter } from "../../output/toJson.ts"
import { toFilledList, toText } from "../../values.ts"
import { makeGetMany, makeSearch } from "../makeListing.ts"

export const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get an asset",
  description: "Get an asset with a fresh link to its file",
  fields: [assetIdField],
  run: Effect.fnUntraced(function* (item) {
    const assets = yield* Assets
    const write = yield* assetWriter
    return [{ json: write(yield* assets.get(item.text("assetId"))) }]
  }),
}

const listAssets = <E>(list: (library: AssetLibrary["Service"]) => Stream.Stream<Asset, E>) =>
  Effect.gen(function* () {
    const library = yield* AssetLibrary
    return Stream.map(list(library), yield* assetWriter)
  })

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
    listAssets((library) =>
      library.list({
        types: toFilledList(item.filter("types")),
        collectionId: toText(item.filter("collectionId")),
        createdAfter: toText(item.filter("createdAfter")),
        parentAssetId: toText(item.filter("parentAssetId")),
        modelId: toText(item.filter("modelId")),
      }),
    ),
  json: (asset) => asset,
})

export const search = makeSearch({
  action: "Search assets",
  description: "Search assets by keywords",
  what: makeSearchField("e.g. a red house"),
  filters: makeFiltersField([publicFilter]),
  list: (item) =>
    listAssets((library) =>
      library.search(item.text("query"), { public: isPublic(item, false) ? true : undefined }),
    ),
  json: (asset) => asset,
})
