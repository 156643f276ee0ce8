// Prints the URL of one asset.
//
// Scenario's jobs only contain the IDs of their assets, and the URL of a file expires. This gets a fresh one.
//
//   node asset-url.ts <asset ID>

import { createScenario } from "@scenario-automation/client"

const [assetId] = process.argv.slice(2)
if (assetId === undefined) throw new Error("Pass the ID of an asset: node asset-url.ts asset_…")

const scenario = createScenario()

const asset = await scenario.assets.get(assetId)
console.log(asset.url)

// Other formats have URLs of their own.
if (asset.kind === "image") {
  const jpeg = await scenario.assets.convert(assetId, "jpeg")
  console.log(jpeg.url)
}

// A small picture of the asset, for a list or a message. This URL doesn't expire.
console.log(scenario.assets.thumbnailUrl(assetId))
