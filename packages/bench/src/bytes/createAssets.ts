import type { Asset } from "@scenario-automation/core"

/** Assets whose files are there, as `resolve` hands them out. */
export const assetsAt = (urls: ReadonlyArray<string>): ReadonlyArray<Asset> =>
  urls.map((url, index) => ({
    assetId: `asset_${index}`,
    url,
    status: "success",
    kind: "image",
    mimeType: "image/png",
    tags: [],
    collectionIds: [],
    metadata: {},
    properties: {},
  }))
