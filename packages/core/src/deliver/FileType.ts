import { findKind, findMediaKind } from "../api/assetKinds.ts"
import { findSignature } from "./signatures.ts"

export { getExtension } from "./fileExtensions.ts"
export { signatureBytes } from "./signatures.ts"

/** Detects a file's type by its first bytes. `undefined` for text, OBJ, STL, and other types without a signature. */
export const sniffType = (head: Uint8Array): string | undefined => findSignature(head)?.mimeType

/**
 * Describes why these bytes can't be a file of the stated type, or returns `undefined`. Only an error page or an error
 * message is rejected. Another image format is fine, because the CDN converts images. So is an unknown signature.
 */
export const findTypeMismatch = (mimeType: string, head: Uint8Array, kind?: string): string | undefined => {
  const stated = getBaseType(mimeType)
  const isMedia =
    findMediaKind(stated) !== undefined || (isUnstated(stated) && findKind(kind)?.mediaFamily !== undefined)
  if (!isMedia) return undefined
  switch (sniffType(head)) {
    case "text/html":
      return "the CDN sent a web page instead of the file"
    case "application/xml": {
      const canBeXml = stated.endsWith("+xml") || stated.startsWith("model/") || kind === "3d"
      return canBeXml && !isXmlError(head) ? undefined : "the CDN sent an XML message instead of the file"
    }
    case "application/json":
      return stated.endsWith("json") || (isUnstated(stated) && kind === "3d")
        ? undefined
        : "the CDN sent a JSON message instead of the file"
    default:
      return undefined
  }
}

/** Chooses a file's type: the one that its bytes show, unless the stated type is a more specific one. */
export const chooseType = (mimeType: string, head: Uint8Array, kind?: string): string => {
  const stated = getBaseType(mimeType)
  // Text can begin like a signature: "BMW", "GIF89a", "ID3".
  if (isText(stated)) return stated
  const { mimeType: typeOfKind } = findKind(kind) ?? {}
  if (isUnstated(stated) && typeOfKind !== undefined) return typeOfKind
  const signature = findSignature(head)
  if (signature === undefined) return stated === "" ? "application/octet-stream" : stated
  return !isUnstated(stated) && signature.specific?.test(stated) === true ? stated : signature.mimeType
}

const isXmlError = (head: Uint8Array): boolean =>
  /^(<\?[^]*?\?>)?\s*<(\w+:)?error\b/i.test(new TextDecoder().decode(head).trimStart())

const isText = (stated: string): boolean =>
  stated.startsWith("text/") || ["application/json", "application/xml", "application/yaml"].includes(stated)

const isUnstated = (stated: string): boolean =>
  ["", "application/octet-stream", "binary/octet-stream"].includes(stated)

const getBaseType = (mimeType: string): string => (mimeType.split(";")[0] ?? "").trim().toLowerCase()
