import { defaultCdnUrl } from "./defaults.ts"

/**
 * The address of a small picture of an asset, which doesn't expire. It needs no signature, not even for private assets:
 * the asset's ID is enough to see it. For another origin than Scenario's pass `cdnUrl` of the configuration.
 */
export const thumbnailUrl = (assetId: string, cdnUrl: string = defaultCdnUrl): string =>
  `${cdnUrl}/thumbnails/${encodeURIComponent(assetId)}`
