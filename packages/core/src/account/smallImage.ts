import { toBase64 } from "../base64.ts"

/**
 * A smaller image is sent in one call. The API's gateway accepts 10 MB of JSON, and base64 adds a third. Scenario's own
 * Blender plugin has the same limit.
 */
const maxSmallImageBytes = 3_500_000

const smallImageTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"])

/** Whether a file can be sent in one call, as a data URL. */
export const isSmallImage = (contentType: string, fileSize: number): boolean =>
  smallImageTypes.has(contentType) && fileSize < maxSmallImageBytes

export const toDataUrl = (bytes: Uint8Array, contentType: string): string =>
  `data:${contentType};base64,${toBase64(bytes)}`
