import { Assets } from "@scenario-automation/core"
import { Effect } from "effect"
import { downloadOptions } from "../../fields/options.ts"
import { assetIdField } from "../../fields/target.ts"
import type { Operation } from "../../Operation.ts"
import { assetWriter } from "../../output/toJson.ts"
import { storeFile } from "../../output/storeFile.ts"

export const download: Operation = {
  value: "download",
  name: "Download",
  action: "Download an asset",
  description: "Download the file of an asset",
  fields: [assetIdField, downloadOptions],
  run: Effect.fnUntraced(function* (item) {
    const assets = yield* Assets
    const asset = yield* assets.get(item.text("assetId"))
    const json = (yield* assetWriter)(asset)
    if (!item.wantsFiles) return [{ json }]
    const file = yield* storeFile(item.host, asset, {
      nameTemplate: item.options.fileName,
      rendition: item.options.rendition,
    })
    const field = item.options.binaryField ?? "data"
    return [{ json: { ...json, fileName: file.fileName }, binary: { [field]: file } }]
  }),
}
