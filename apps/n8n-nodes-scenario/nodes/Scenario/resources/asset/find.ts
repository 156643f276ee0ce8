import { AssetLibrary, Assets } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import {
  assetTypesFilter,
  collectionIdFilter,
  filtersField,
  limitFields,
  modelIdFilter,
} from "../../fields/lists.ts"
import { assetIdField } from "../../fields/target.ts"
import type { Operation } from "../../Operation.ts"
import { collect } from "../../output/collect.ts"
import { assetJson } from "../../output/plainJson.ts"
import { givenList, textOf } from "../../values.ts"

export const get: Operation = {
  value: "get",
  name: "Get",
  action: "Get an asset",
  description: "Get an asset with a fresh link to its file",
  fields: [assetIdField],
  run: (item) =>
    Effect.map(
      Assets.use((assets) => assets.asset(item.text("assetId"))),
      (asset) => [{ json: assetJson(asset) }],
    ),
}

export const getMany: Operation = {
  value: "getMany",
  name: "Get Many",
  action: "Get many assets",
  description: "List assets",
  fields: [
    ...limitFields,
    filtersField([
      assetTypesFilter,
      collectionIdFilter,
      {
        displayName: "Created After",
        name: "createdAfter",
        type: "dateTime",
        default: "",
      },
      {
        displayName: "Made From Asset ID",
        name: "parentAssetId",
        type: "string",
        default: "",
        placeholder: "asset_…",
      },
      modelIdFilter,
    ]),
  ],
  run: (item) =>
    collect(
      item,
      Stream.unwrap(
        AssetLibrary.useSync((library) =>
          library.list({
            types: givenList(item.filter("types")),
            collectionId: textOf(item.filter("collectionId")),
            createdAfter: textOf(item.filter("createdAfter")),
            parentAssetId: textOf(item.filter("parentAssetId")),
            modelId: textOf(item.filter("modelId")),
          }),
        ),
      ),
      assetJson,
    ),
}

export const search: Operation = {
  value: "search",
  name: "Search",
  action: "Search assets",
  description: "Find assets by words",
  fields: [
    {
      displayName: "Search For",
      name: "query",
      type: "string",
      default: "",
      required: true,
      placeholder: "a red house",
    },
    ...limitFields,
    filtersField([
      {
        displayName: "Public",
        name: "public",
        type: "boolean",
        default: false,
        description: "Whether to search what everybody has published instead of your own",
      },
    ]),
  ],
  run: (item) =>
    collect(
      item,
      Stream.unwrap(
        AssetLibrary.useSync((library) =>
          library.search(item.text("query"), { public: item.filter("public") === true ? true : undefined }),
        ),
      ),
      assetJson,
    ),
}
