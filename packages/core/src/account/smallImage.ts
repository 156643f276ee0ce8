import * as Base64 from "effect/encoding/Base64"

/**
 * Below this an image goes in one call. The API's gateway takes 10 MB of JSON, and base64 makes a third more of it;
 * Scenario's own Blender plugin draws the line here.
 */
const smallImageBytes = 3_500_000

const smallImageTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"])

/** Whether a file can be sent within a call. */
export const isSmallImage = (contentType: string, fileSize: number): boolean =>
  smallImageTypes.has(contentType) && fileSize < smallImageBytes

/** A whole file as text; only for one that is small. */
export const toDataUrl = (bytes: Uint8Array, contentType: string): string =>
  `data:${contentType};base64,${Base64.encode(bytes)}`
