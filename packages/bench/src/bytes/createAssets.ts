import type { Asset } from "@scenario-automation/core"

/** Assets with available files, as `resolve` returns them. */
export const createAssets = (urls: ReadonlyArray<string>): ReadonlyArray<Asset> =>
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
