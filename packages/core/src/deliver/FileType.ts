import { findSignature } from "./signatures.ts"

export { getExtension } from "./fileExtensions.ts"
export { signatureBytes } from "./signatures.ts"

/** The type that the first bytes of a file show; `undefined` for text, OBJ, STL and others without a signature. */
export const sniffType = (head: Uint8Array): string | undefined => findSignature(head)?.mimeType

const media: ReadonlySet<string> = new Set(["image", "audio", "video", "model"])
const mediaKinds: ReadonlySet<string> = new Set(["image", "image-hdr", "audio", "video", "3d"])

/**
 * Why these bytes are not a file of the stated type, or `undefined`. Only what is clearly something else is refused: an
 * error page or an error message in the place of a picture. A picture in another format is fine (the CDN converts), and
 * so is a signature that this library doesn't know.
 */
export const typeTrouble = (mimeType: string, head: Uint8Array, kind?: string): string | undefined => {
  const stated = baseType(mimeType)
  const isMedia = media.has(getFamily(stated)) || (isUnstated(stated) && mediaKinds.has(kind ?? ""))
  if (!isMedia) return undefined
  switch (sniffType(head)) {
    case "text/html":
      return "a web page came instead of the file"
    case "application/xml": {
      const mayBeXml = stated.endsWith("+xml") || getFamily(stated) === "model" || kind === "3d"
      return mayBeXml && !isXmlError(head) ? undefined : "an XML message came instead of the file"
    }
    case "application/json":
      return stated.endsWith("json") || (isUnstated(stated) && kind === "3d")
        ? undefined
        : "a JSON message came instead of the file"
    default:
      return undefined
  }
}

/** The type that a file is kept as: what its bytes show, unless the stated type says more about the same bytes. */
export const chooseType = (mimeType: string, head: Uint8Array, kind?: string): string => {
  const stated = baseType(mimeType)
  // A text can begin with anything: "BMW", "GIF89a", "ID3".
  if (isText(stated)) return stated
  if (isUnstated(stated) && (kind === "text" || kind === "json")) {
    return kind === "json" ? "application/json" : "text/plain"
  }
  const signature = findSignature(head)
  if (signature === undefined) return stated === "" ? "application/octet-stream" : stated
  return !isUnstated(stated) && signature.finer?.test(stated) === true ? stated : signature.mimeType
}

const isXmlError = (head: Uint8Array): boolean =>
  /^(<\?[^]*?\?>)?\s*<(\w+:)?error\b/i.test(new TextDecoder().decode(head).trimStart())

const isText = (stated: string): boolean =>
  getFamily(stated) === "text" || ["application/json", "application/xml", "application/yaml"].includes(stated)

const isUnstated = (stated: string): boolean =>
  ["", "application/octet-stream", "binary/octet-stream"].includes(stated)

const getFamily = (type: string): string => type.split("/")[0] ?? ""

const baseType = (mimeType: string): string => (mimeType.split(";")[0] ?? "").trim().toLowerCase()
