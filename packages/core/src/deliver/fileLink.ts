import type { Asset } from "../api/Asset.ts"

/** Which file of an asset. */
export type Rendition = "file" | "original" | "preview"

/** The link to a rendition; empty if there is none yet. */
export const linkTo = (asset: Asset, rendition: Rendition): string =>
  hasOriginal(asset, rendition) ? (asset.originalUrl ?? asset.url) : asset.url

/** The asset's own type before the CDN's: the CDN may serve 3D files as application/octet-stream. */
export const statedType = (asset: Asset, rendition: Rendition, contentType: string | undefined): string => {
  if (hasOriginal(asset, rendition)) return asset.originalMimeType ?? "image/x-exr"
  return asset.mimeType === "application/octet-stream" ? (contentType ?? asset.mimeType) : asset.mimeType
}

/** Whether an HDR picture's own file is wanted, and the asset doesn't name it: its `url` mostly shows a JPEG. */
export const lacksOriginal = (asset: Asset, rendition: Rendition): boolean =>
  rendition !== "preview" && asset.kind === "image-hdr" && asset.originalUrl === undefined

/** The types of a picture with a usual range of brightness. */
export const isPreviewType = (mimeType: string): boolean =>
  ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"].includes(mimeType)

/** Text can be empty; a picture that comes empty is a fault. */
export const mayBeEmpty = (asset: Asset): boolean =>
  asset.bytes === 0 ||
  (asset.bytes === undefined && (asset.kind === "text" || asset.mimeType.startsWith("text/")))

/** The size that the API states of this rendition. Bytes. */
export const statedBytes = (asset: Asset, rendition: Rendition): number | undefined =>
  rendition === "preview" || hasOriginal(asset, rendition) ? undefined : asset.bytes

const hasOriginal = (asset: Asset, rendition: Rendition): boolean =>
  rendition !== "preview" && asset.kind === "image-hdr" && asset.originalUrl !== undefined
