import { defaultCdnUrl } from "./defaults.ts"

/**
 * The URL of a small image of an asset. It doesn't expire, and needs no signature, not even for private assets: anyone who
 * knows the asset's ID can see it. If the account uses another origin than Scenario's, pass the `cdnUrl` of its settings.
 */
export const thumbnailUrl = (assetId: string, cdnUrl: string = defaultCdnUrl): string =>
  `${cdnUrl}/thumbnails/${encodeURIComponent(assetId)}`
