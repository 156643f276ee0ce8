import { Collections } from "@scenario-automation/core"
import { Effect } from "effect"
import { collectionField } from "../fields/target.ts"
import type { Operation, Resource } from "../Operation.ts"
import { toCollectionJson } from "../output/toJson.ts"
import { makeGetMany } from "./makeListing.ts"

const addAssets: Operation = {
  value: "addAssets",
  name: "Add Assets",
  action: "Add assets to a collection",
  description: "Add assets to a collection",
  fields: [
    collectionField,
    {
      displayName: "Asset IDs",
      name: "assetIds",
      type: "string",
      default: "={{ $json.assetId }}",
      required: true,
      description: "Comma-separated list of asset IDs, or an expression that returns a list",
    },
  ],
  run: Effect.fnUntraced(function* (item) {
    const collections = yield* Collections
    const [collectionId, assetIds] = [item.text("collectionId"), item.list("assetIds")]
    yield* collections.addAssets(collectionId, assetIds)
    return [{ json: { collectionId, assetIds: [...assetIds] } }]
  }),
}

const create: Operation = {
  value: "create",
  name: "Create",
  action: "Create a collection",
  description: "Create an empty collection",
  fields: [{ displayName: "Name", name: "name", type: "string", default: "", required: true }],
  run: (item) =>
    Effect.map(
      Collections.use((collections) => collections.create(item.text("name"))),
      (created) => [{ json: toCollectionJson(created) }],
    ),
}

const getMany = makeGetMany({
  action: "Get many collections",
  description: "Get many collections",
  list: () => Collections.useSync((collections) => collections.list()),
  json: toCollectionJson,
})

export const collection: Resource = {
  value: "collection",
  name: "Collection",
  description: "Groups of assets",
  operations: [addAssets, create, getMany],
  first: getMany,
}
