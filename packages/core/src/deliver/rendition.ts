import type { Asset } from "../api/Asset.ts"

/** Which file of an asset. */
export type Rendition = "file" | "original" | "preview"

/** The link to a rendition. Empty if the file is not ready. */
export const getLink = (asset: Asset, rendition: Rendition): string =>
  hasOriginal(asset, rendition) ? (asset.originalUrl ?? asset.url) : asset.url

/** The type by the asset, or else by the CDN, which may serve 3D files as application/octet-stream. */
export const getStatedType = (
  asset: Asset,
  rendition: Rendition,
  contentType: string | undefined,
): string => {
  if (hasOriginal(asset, rendition)) return asset.originalMimeType ?? "image/x-exr"
  return asset.mimeType === "application/octet-stream" ? (contentType ?? asset.mimeType) : asset.mimeType
}

/** Whether an HDR image's own file is wanted, but the asset has no link to it. Its `url` usually leads to a JPEG. */
export const lacksOriginal = (asset: Asset, rendition: Rendition): boolean =>
  rendition !== "preview" && asset.kind === "image-hdr" && asset.originalUrl === undefined

/** Whether it is an image type without high dynamic range. */
export const isPreviewType = (mimeType: string): boolean =>
  ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"].includes(mimeType)

/** Text can be empty. An empty image is a fault. */
export const canBeEmpty = (asset: Asset): boolean =>
  asset.bytes === 0 ||
  (asset.bytes === undefined && (asset.kind === "text" || asset.mimeType.startsWith("text/")))

/** The size of this rendition in bytes, if the API states it. */
export const getStatedBytes = (asset: Asset, rendition: Rendition): number | undefined =>
  rendition === "preview" || hasOriginal(asset, rendition) ? undefined : asset.bytes

const hasOriginal = (asset: Asset, rendition: Rendition): boolean =>
  rendition !== "preview" && asset.kind === "image-hdr" && asset.originalUrl !== undefined
