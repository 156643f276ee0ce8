import { AssetLibrary } from "@scenario-automation/core"
import { Effect } from "effect"
import { assetIdField } from "../../fields/target.ts"
import type { Operation } from "../../Operation.ts"

export const tag: Operation = {
  value: "tag",
  name: "Tag",
  action: "Tag an asset",
  description: "Add tags to an asset, or remove them",
  fields: [
    assetIdField,
    {
      displayName: "Add Tags",
      name: "addTags",
      type: "string",
      default: "",
      placeholder: "e.g. approved, hero",
      description: "Comma-separated list of tags to add",
    },
    {
      displayName: "Remove Tags",
      name: "removeTags",
      type: "string",
      default: "",
      description: "Comma-separated list of tags to remove",
    },
  ],
  run: Effect.fnUntraced(function* (item) {
    const library = yield* AssetLibrary
    const assetId = item.text("assetId")
    const [added, removed] = [item.list("addTags"), item.list("removeTags")]
    // With neither, core says which tags are missing.
    if (added.length > 0 || removed.length === 0) yield* library.addTags(assetId, added)
    if (removed.length > 0) yield* library.removeTags(assetId, removed)
    return [{ json: { assetId, added: [...added], removed: [...removed] } }]
  }),
}

export const remove: Operation = {
  value: "delete",
  name: "Delete",
  action: "Delete an asset",
  description: "Permanently delete an asset",
  fields: [assetIdField],
  run: Effect.fnUntraced(function* (item) {
    const library = yield* AssetLibrary
    const assetId = item.text("assetId")
    yield* library.delete([assetId])
    return [{ json: { assetId, deleted: true } }]
  }),
}
