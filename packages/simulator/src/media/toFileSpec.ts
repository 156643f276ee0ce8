import type { AssetKind, AssetSpec } from "./AssetSpec.ts"

/** The spec of an uploaded file, which keeps its bytes. */
export const toFileSpec = (
  bytes: Buffer,
  declaredType: string | undefined,
  uploadKind: string,
): AssetSpec => {
  const mimeType = sniffType(bytes) ?? declaredType ?? "application/octet-stream"
  const kind = kinds.find(([prefix]) => mimeType.startsWith(prefix))?.[1]
  return {
    kind: kind ?? (uploadKind === "3d" ? "3d" : "document"),
    mimeType,
    style: "scene",
    prompt: "",
    modelName: "",
    seed: "",
    index: 0,
    ...readDimensions(bytes, mimeType),
    label: "uploaded",
    bytes,
  }
}

const kinds: ReadonlyArray<readonly [prefix: string, kind: AssetKind]> = [
  ["image/", "image"],
  ["video/", "video"],
  ["audio/", "audio"],
  ["model/", "3d"],
  ["text/", "text"],
  ["application/json", "json"],
]

/** The type by the first bytes, if they are known. */
const sniffType = (bytes: Buffer): string | undefined => {
  const head = bytes.subarray(0, 12).toString("latin1")
  if (head.startsWith("\x89PNG")) return "image/png"
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg"
  if (head.startsWith("GIF8")) return "image/gif"
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "image/webp"
  if (head.startsWith("RIFF") && head.endsWith("WAVE")) return "audio/wav"
  if (head.startsWith("glTF")) return "model/gltf-binary"
  return head.slice(4, 8) === "ftyp" ? "video/mp4" : undefined
}

/** The size of a PNG, JPEG, or GIF. 0 if it can't be read. */
const readDimensions = (bytes: Buffer, type: string): { readonly width: number; readonly height: number } => {
  if (type === "image/png" && bytes.length > 24)
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (type === "image/gif" && bytes.length > 10)
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  if (type === "image/jpeg") {
    let at = 2
    while (at + 9 < bytes.length && bytes[at] === 0xff) {
      const marker = bytes[at + 1] ?? 0
      if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
        return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
      }
      at += 2 + bytes.readUInt16BE(at + 2)
    }
  }
  return { width: 0, height: 0 }
}
