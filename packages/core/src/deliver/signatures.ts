/** How the files of a type begin. */
interface Signature {
  readonly mimeType: string
  readonly matches: (head: Uint8Array) => boolean
  /** More specific types with the same signature: a USDZ file is a ZIP archive. */
  readonly specific?: RegExp
}

/** This many bytes are enough to recognize every type below, even after padding and comments. */
export const signatureBytes = 1024

/** Finds the signature of a file's first bytes. */
export const findSignature = (head: Uint8Array): Signature | undefined =>
  signatures.find((signature) => signature.matches(head))

const hasBytes = (head: Uint8Array, from: number, ...expected: ReadonlyArray<number>): boolean =>
  expected.every((byte, index) => head[from + index] === byte)

const hasText = (head: Uint8Array, from: number, ...texts: ReadonlyArray<string>): boolean =>
  texts.some((text) =>
    Array.from(text, (one) => one.charCodeAt(0)).every((byte, index) => head[from + index] === byte),
  )

const readLatin1 = (head: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...head.subarray(from, to))

/** The brands of an ISO media file (MP4, MOV, HEIF), with the major brand first. */
const readBrands = (head: Uint8Array): ReadonlyArray<string> => {
  if (!hasText(head, 4, "ftyp")) return []
  const size = ((head[2] ?? 0) << 8) + (head[3] ?? 0)
  const brands = [readLatin1(head, 8, 12)]
  for (let at = 16; at + 4 <= Math.min(size, head.length); at += 4) brands.push(readLatin1(head, at, at + 4))
  return brands
}

const hasBrand =
  (...known: ReadonlyArray<string>) =>
  (head: Uint8Array): boolean =>
    readBrands(head).some((brand) => known.includes(brand))

const hasMajorBrand =
  (...known: ReadonlyArray<string>) =>
  (head: Uint8Array): boolean =>
    known.some((brand) => readBrands(head)[0]?.startsWith(brand) === true)

/** A video without a leading `ftyp` begins with one of these boxes. A box starts with its size, then its name. */
const startsWithBox =
  (...names: ReadonlyArray<string>) =>
  (head: Uint8Array): boolean => {
    const size = ((head[0] ?? 0) << 24) + ((head[1] ?? 0) << 16) + ((head[2] ?? 0) << 8) + (head[3] ?? 0)
    return hasText(head, 4, ...names) && (size < 0 || size >= 8 || size === 1 || size === 0)
  }

const isRiff = (head: Uint8Array, form: string): boolean =>
  hasText(head, 0, "RIFF", "RF64", "BW64", "RIFX") && hasText(head, 8, form)

/** The DocType (element 0x4282) of a Matroska file's EBML header. */
const readDocType = (head: Uint8Array): string => {
  for (let at = 4; at < Math.min(head.length, 256); at++) {
    const size = head[at + 2] ?? 0
    if (hasBytes(head, at, 0x42, 0x82) && size > 0x80) return readLatin1(head, at + 3, at + 3 + (size & 0x7f))
  }
  return ""
}

const isEbml = (head: Uint8Array): boolean => hasBytes(head, 0, 0x1a, 0x45, 0xdf, 0xa3)

/** The header of an MPEG 1, 2 or 2.5 frame of layer II or III. */
const isMpegFrame = (head: Uint8Array, at: number): boolean => {
  const [first = 0, second = 0, third = 0] = head.subarray(at, at + 3)
  const layer = second & 0x06
  return (
    first === 0xff &&
    (second & 0xe0) === 0xe0 &&
    (second & 0x18) !== 0x08 &&
    (layer === 0x02 || layer === 0x04) &&
    (third & 0xf0) !== 0xf0 &&
    (third & 0x0c) !== 0x0c
  )
}

/** Some encoders write zeros before the first frame. */
const isPaddedMpegFrame = (head: Uint8Array): boolean => {
  const start = head.findIndex((byte) => byte !== 0)
  return start > 0 && isMpegFrame(head, start)
}

/** Possible sizes of a bitmap's second header. Without it, a file that begins with "BM" is text. */
const bitmapHeaderSizes: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124])

const isBitmap = (head: Uint8Array): boolean =>
  hasText(head, 0, "BM") && bitmapHeaderSizes.has(head[14] ?? 0) && hasBytes(head, 15, 0, 0, 0)

const decodeText = (head: Uint8Array): string => {
  const isUtf16 = hasBytes(head, 0, 0xff, 0xfe) || hasBytes(head, 0, 0xfe, 0xff)
  const encoding = isUtf16 ? (head[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8"
  return new TextDecoder(encoding).decode(head).trimStart()
}

/** Removes everything before the first element of a markup text. */
const skipPrologue = (head: Uint8Array): string =>
  decodeText(head).replace(
    /^(?:\s+|<\?[^]*?\?>|<!--[^]*?-->|<!doctype\s+(?!html)[^[>]*(?:\[[^]*?\]\s*)?>)+/i,
    "",
  )

const startsAsHtml = (head: Uint8Array): boolean =>
  /^<(!doctype html|html|head|body|script|title|meta|center|h1)\b/i.test(skipPrologue(head))

const startsAsSvg = (head: Uint8Array): boolean => /^<(\w+:)?svg[\s>]/i.test(skipPrologue(head))

const startsAsXml = (head: Uint8Array): boolean =>
  /^<(\?xml\b|!--|!doctype|[a-z][\w.:-]*[\s/>])/i.test(decodeText(head))

const startsAsJson = (head: Uint8Array): boolean => /^(\{\s*["}]|\[\s*["{[\]\d-])/.test(decodeText(head))

const startsAsGltf = (head: Uint8Array): boolean =>
  startsAsJson(head) && /"(asset|accessors|bufferViews|extensionsUsed)"\s*:/.test(decodeText(head))

const signatures: ReadonlyArray<Signature> = [
  {
    mimeType: "image/png",
    matches: (head) => hasBytes(head, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  { mimeType: "image/jpeg", matches: (head) => hasBytes(head, 0, 0xff, 0xd8, 0xff) },
  { mimeType: "image/gif", matches: (head) => hasText(head, 0, "GIF87a", "GIF89a") },
  { mimeType: "image/webp", matches: (head) => isRiff(head, "WEBP") },
  { mimeType: "image/avif", matches: hasBrand("avif", "avis") },
  {
    mimeType: "image/heic",
    matches: hasBrand("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"),
  },
  { mimeType: "image/bmp", matches: isBitmap },
  {
    mimeType: "image/tiff",
    matches: (head) =>
      hasBytes(head, 0, 0x49, 0x49, 0x2a, 0) ||
      hasBytes(head, 0, 0x4d, 0x4d, 0, 0x2a) ||
      // BigTIFF
      hasBytes(head, 0, 0x49, 0x49, 0x2b, 0, 8, 0) ||
      hasBytes(head, 0, 0x4d, 0x4d, 0, 0x2b, 0, 8),
    specific: /^image\/(x-|vnd\.)/,
  },
  { mimeType: "image/x-exr", matches: (head) => hasBytes(head, 0, 0x76, 0x2f, 0x31, 0x01) },
  { mimeType: "image/vnd.radiance", matches: (head) => hasText(head, 0, "#?R", "#?A") },
  { mimeType: "image/vnd.adobe.photoshop", matches: (head) => hasText(head, 0, "8BPS") && head[4] === 0 },
  {
    mimeType: "image/jxl",
    matches: (head) =>
      hasBytes(head, 0, 0xff, 0x0a) || hasBytes(head, 0, 0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20),
  },
  { mimeType: "image/jp2", matches: (head) => hasBytes(head, 0, 0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20) },
  {
    mimeType: "image/x-icon",
    matches: (head) => hasBytes(head, 0, 0, 0, 1, 0) && head[4] !== 0 && head[5] === 0 && head[9] === 0,
  },
  { mimeType: "image/vnd.ms-dds", matches: (head) => hasText(head, 0, "DDS |") },
  { mimeType: "audio/wav", matches: (head) => isRiff(head, "WAVE") },
  { mimeType: "audio/aiff", matches: (head) => hasText(head, 0, "FORM") && hasText(head, 8, "AIF") },
  { mimeType: "audio/flac", matches: (head) => hasText(head, 0, "fLaC") },
  {
    mimeType: "audio/ogg",
    matches: (head) => hasText(head, 0, "OggS"),
    specific: /^(audio|video|application)\//,
  },
  { mimeType: "audio/mp4", matches: hasMajorBrand("M4A", "M4B", "M4P", "F4A") },
  // AAC and FLAC can have the tag too.
  { mimeType: "audio/mpeg", matches: (head) => hasText(head, 0, "ID3"), specific: /^audio\// },
  { mimeType: "audio/aac", matches: (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0 },
  { mimeType: "audio/mpeg", matches: (head) => isMpegFrame(head, 0) },
  { mimeType: "audio/midi", matches: (head) => hasText(head, 0, "MThd") },
  { mimeType: "audio/x-caf", matches: (head) => hasText(head, 0, "caff") },
  { mimeType: "audio/amr", matches: (head) => hasText(head, 0, "#!AMR") },
  { mimeType: "video/quicktime", matches: hasMajorBrand("qt  ") },
  { mimeType: "video/3gpp", matches: hasMajorBrand("3gp", "3g2"), specific: /^(video|audio)\// },
  {
    mimeType: "video/mp4",
    matches: startsWithBox("ftyp", "styp", "moof", "sidx"),
    specific: /^(video|audio)\//,
  },
  {
    mimeType: "video/quicktime",
    matches: startsWithBox("moov", "mdat", "wide", "free", "skip", "pnot", "uuid"),
    specific: /^(video|audio)\//,
  },
  {
    mimeType: "video/webm",
    matches: (head) => isEbml(head) && readDocType(head) === "webm",
    specific: /^audio\/webm$/,
  },
  { mimeType: "video/x-matroska", matches: isEbml, specific: /^audio\/(x-)?matroska$/ },
  { mimeType: "video/x-msvideo", matches: (head) => isRiff(head, "AVI ") },
  { mimeType: "video/x-flv", matches: (head) => hasBytes(head, 0, 0x46, 0x4c, 0x56, 1) },
  {
    mimeType: "video/mpeg",
    matches: (head) => hasBytes(head, 0, 0, 0, 1, 0xba) || hasBytes(head, 0, 0, 0, 1, 0xb3),
  },
  {
    mimeType: "video/mp2t",
    matches: (head) => [0, 188, 376].every((at) => head[at] === 0x47),
  },
  {
    mimeType: "video/x-ms-asf",
    matches: (head) => hasBytes(head, 0, 0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11),
    specific: /^audio\//,
  },
  { mimeType: "model/gltf-binary", matches: (head) => hasText(head, 0, "glTF") },
  { mimeType: "model/fbx", matches: (head) => hasText(head, 0, "Kaydara FBX", "; FBX ") },
  { mimeType: "model/ply", matches: (head) => hasText(head, 0, "ply\n", "ply\r") },
  { mimeType: "model/vnd.usda", matches: (head) => hasText(head, 0, "#usda") },
  { mimeType: "model/vnd.usdc", matches: (head) => hasText(head, 0, "PXR-USDC") },
  { mimeType: "application/pdf", matches: (head) => hasText(head, 0, "%PDF-") },
  {
    mimeType: "application/zip",
    matches: (head) => hasBytes(head, 0, 0x50, 0x4b, 3, 4) || hasBytes(head, 0, 0x50, 0x4b, 5, 6),
    specific: /^(model|application|text|font)\//,
  },
  {
    mimeType: "application/gzip",
    matches: (head) => hasBytes(head, 0, 0x1f, 0x8b, 8),
    specific: /^(model|application|text)\//,
  },
  { mimeType: "image/svg+xml", matches: startsAsSvg },
  { mimeType: "text/html", matches: startsAsHtml, specific: /^(text|application)\// },
  { mimeType: "application/xml", matches: startsAsXml, specific: /^(text|application|model)\/|\+xml$/ },
  { mimeType: "model/gltf+json", matches: startsAsGltf, specific: /^(text|application)\/(?!octet)/ },
  { mimeType: "application/json", matches: startsAsJson, specific: /^(text|application|model)\// },
  { mimeType: "audio/mpeg", matches: isPaddedMpegFrame, specific: /^(audio|video|model|image)\// },
]
