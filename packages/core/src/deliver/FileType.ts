/** A file's type, told by its first bytes. */
interface Signature {
  readonly mimeType: string
  readonly matches: (head: Uint8Array) => boolean
}

/** So many bytes tell every type below. */
export const signatureBytes = 64

const ascii = (head: Uint8Array, from: number, text: string): boolean =>
  bytes(head.subarray(from), ...new TextEncoder().encode(text))

const bytes = (head: Uint8Array, ...expected: ReadonlyArray<number>): boolean =>
  expected.every((byte, index) => head[index] === byte)

const startOfText = (head: Uint8Array): string =>
  new TextDecoder()
    .decode(head)
    .replace(/^\uFEFF?\s*/, "")
    .toLowerCase()

const brandIn = (head: Uint8Array, ...brands: ReadonlyArray<string>): boolean =>
  ascii(head, 4, "ftyp") && brands.some((brand) => ascii(head, 8, brand))

const signatures: ReadonlyArray<Signature> = [
  { mimeType: "image/png", matches: (head) => bytes(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { mimeType: "image/jpeg", matches: (head) => bytes(head, 0xff, 0xd8, 0xff) },
  { mimeType: "image/gif", matches: (head) => ascii(head, 0, "GIF8") },
  { mimeType: "image/webp", matches: (head) => ascii(head, 0, "RIFF") && ascii(head, 8, "WEBP") },
  { mimeType: "image/avif", matches: (head) => brandIn(head, "avif", "avis") },
  { mimeType: "image/heic", matches: (head) => brandIn(head, "heic", "heix", "mif1") },
  { mimeType: "image/bmp", matches: (head) => ascii(head, 0, "BM") },
  {
    mimeType: "image/tiff",
    matches: (head) => bytes(head, 0x49, 0x49, 0x2a, 0x00) || bytes(head, 0x4d, 0x4d, 0x00, 0x2a),
  },
  { mimeType: "image/x-exr", matches: (head) => bytes(head, 0x76, 0x2f, 0x31, 0x01) },
  { mimeType: "image/vnd.radiance", matches: (head) => ascii(head, 0, "#?R") },
  { mimeType: "image/vnd.adobe.photoshop", matches: (head) => ascii(head, 0, "8BPS") },
  { mimeType: "audio/wav", matches: (head) => ascii(head, 0, "RIFF") && ascii(head, 8, "WAVE") },
  { mimeType: "audio/flac", matches: (head) => ascii(head, 0, "fLaC") },
  { mimeType: "audio/ogg", matches: (head) => ascii(head, 0, "OggS") },
  { mimeType: "audio/mp4", matches: (head) => brandIn(head, "M4A", "M4B") },
  {
    mimeType: "audio/mpeg",
    matches: (head) => ascii(head, 0, "ID3") || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2),
  },
  { mimeType: "video/quicktime", matches: (head) => brandIn(head, "qt  ") },
  { mimeType: "video/mp4", matches: (head) => ascii(head, 4, "ftyp") },
  { mimeType: "video/webm", matches: (head) => bytes(head, 0x1a, 0x45, 0xdf, 0xa3) },
  { mimeType: "model/gltf-binary", matches: (head) => ascii(head, 0, "glTF") },
  { mimeType: "model/fbx", matches: (head) => ascii(head, 0, "Kaydara FBX") },
  { mimeType: "application/pdf", matches: (head) => ascii(head, 0, "%PDF-") },
  { mimeType: "application/zip", matches: (head) => bytes(head, 0x50, 0x4b, 0x03, 0x04) },
  {
    mimeType: "text/html",
    matches: (head) => /^<(!doctype html|html|head|body)\b/.test(startOfText(head)),
  },
  { mimeType: "image/svg+xml", matches: (head) => startOfText(head).startsWith("<svg") },
  { mimeType: "application/xml", matches: (head) => startOfText(head).startsWith("<?xml") },
]

/** The type that the first bytes show; `undefined` for text, OBJ and others without a signature. */
export const sniffType = (head: Uint8Array): string | undefined =>
  signatures.find((signature) => signature.matches(head))?.mimeType

/** Types whose every file bears one of the signatures above: without one it is not such a file. */
const signedTypes = new Set(
  signatures
    .map(({ mimeType }) => mimeType)
    .filter((type) => !["image/svg+xml", "application/xml"].includes(type)),
)

/**
 * Why these bytes cannot be a file of this type, or `undefined`. A picture may come in another picture format than was
 * said (the CDN converts); an error page instead of a picture may not.
 */
export const typeTrouble = (mimeType: string, head: Uint8Array): string | undefined => {
  const sniffed = sniffType(head)
  const stated = baseType(mimeType)
  const isOfFamily = (family: string) => stated.startsWith(`${family}/`)
  if (["image", "audio", "video", "model"].some(isOfFamily)) {
    if (sniffed === "text/html") return "a web page came instead of the file"
    if (sniffed === "application/xml" && stated !== "image/svg+xml" && !isOfFamily("model")) {
      return "an XML message came instead of the file"
    }
    if (sniffed === undefined && signedTypes.has(stated)) return `the bytes are not a file of type ${stated}`
  }
  return undefined
}

/** The type that a file is kept as: what its bytes show, else what was said. */
export const typeOf = (mimeType: string, head: Uint8Array): string => {
  const sniffed = sniffType(head)
  const stated = baseType(mimeType)
  // An SVG may begin with an XML prologue, a USDZ is a ZIP, an M4A is an MP4: there the statement is finer.
  const isCoarse =
    sniffed === undefined ||
    ["application/xml", "application/zip", "video/mp4", "text/html"].includes(sniffed)
  return isCoarse && stated !== "application/octet-stream" && stated !== ""
    ? stated
    : (sniffed ?? "application/octet-stream")
}

const baseType = (mimeType: string): string => (mimeType.split(";")[0] ?? "").trim().toLowerCase()

const extensions: ReadonlyMap<string, string> = new Map([
  ["image/png", ".png"],
  ["image/jpeg", ".jpg"],
  ["image/jpg", ".jpg"],
  ["image/gif", ".gif"],
  ["image/webp", ".webp"],
  ["image/avif", ".avif"],
  ["image/heic", ".heic"],
  ["image/bmp", ".bmp"],
  ["image/tiff", ".tiff"],
  ["image/svg+xml", ".svg"],
  ["image/x-exr", ".exr"],
  ["image/exr", ".exr"],
  ["image/aces", ".exr"],
  ["image/vnd.radiance", ".hdr"],
  ["image/vnd.adobe.photoshop", ".psd"],
  ["video/mp4", ".mp4"],
  ["video/webm", ".webm"],
  ["video/quicktime", ".mov"],
  ["audio/wav", ".wav"],
  ["audio/x-wav", ".wav"],
  ["audio/wave", ".wav"],
  ["audio/mpeg", ".mp3"],
  ["audio/mp3", ".mp3"],
  ["audio/mp4", ".m4a"],
  ["audio/ogg", ".ogg"],
  ["audio/flac", ".flac"],
  ["model/gltf-binary", ".glb"],
  ["model/gltf+json", ".gltf"],
  ["model/obj", ".obj"],
  ["model/fbx", ".fbx"],
  ["model/stl", ".stl"],
  ["model/vnd.usdz+zip", ".usdz"],
  ["model/ply", ".ply"],
  ["application/ply", ".ply"],
  ["application/json", ".json"],
  ["application/pdf", ".pdf"],
  ["application/zip", ".zip"],
  ["text/plain", ".txt"],
  ["text/markdown", ".md"],
  ["text/html", ".html"],
  ["text/csv", ".csv"],
])

const extensionByKind: ReadonlyMap<string, string> = new Map([
  ["text", ".txt"],
  ["json", ".json"],
])

/** The usual extension of a type, with its dot; by the asset's kind where the type says nothing; else `.bin`. */
export const extensionOf = (mimeType: string, kind?: string): string =>
  extensions.get(baseType(mimeType)) ?? extensionByKind.get(kind ?? "") ?? ".bin"
