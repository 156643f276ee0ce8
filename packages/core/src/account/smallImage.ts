import { maxSmallImageBytes } from "../api/limits.ts"
import { toBase64 } from "../utils/base64.ts"

const smallImageTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"])

/** Whether a file can be sent in one call, as a data URL. */
export const isSmallImage = (contentType: string, fileSize: number): boolean =>
  smallImageTypes.has(contentType) && fileSize < maxSmallImageBytes

export const toDataUrl = (bytes: Uint8Array, contentType: string): string =>
  `data:${contentType};base64,${toBase64(bytes)}`
