/** What an asset is. Unknown kinds are kept. */
export type AssetKind =
  | "image"
  | "image-hdr"
  | "video"
  | "audio"
  | "3d"
  | "document"
  | "text"
  | "json"
  | (string & {})

/** What this library knows of a kind of asset. A file of an unknown kind can be anything. */
interface KindTraits {
  /** For sentences, with its article. */
  readonly noun: string
  /** The first part of its files' MIME types, for kinds that a file's first bytes show: an error page isn't a picture. */
  readonly mediaFamily?: "image" | "video" | "audio" | "model"
  /** The MIME type of a file that states none, for kinds that the first bytes don't show. */
  readonly mimeType?: string
}

const kinds: ReadonlyMap<string, KindTraits> = new Map<string, KindTraits>([
  ["image", { noun: "an image", mediaFamily: "image" }],
  ["image-hdr", { noun: "an HDR image", mediaFamily: "image" }],
  ["video", { noun: "a video", mediaFamily: "video" }],
  ["audio", { noun: "an audio file", mediaFamily: "audio" }],
  ["3d", { noun: "a 3D file", mediaFamily: "model" }],
  ["document", { noun: "a document" }],
  ["text", { noun: "a text file", mimeType: "text/plain" }],
  ["json", { noun: "a JSON file", mimeType: "application/json" }],
])

/** What is known of a kind; `undefined` for kinds that this library doesn't know. */
export const findKind = (kind = ""): KindTraits | undefined => kinds.get(kind)

/** The kind of media that files of this MIME type are: `3d` for `model/gltf-binary`. `undefined` for text, archives, and others. */
export const findMediaKind = (mimeType: string): string | undefined => {
  const family = mimeType.split("/")[0]
  for (const [kind, { mediaFamily }] of kinds) if (mediaFamily === family) return kind
  return undefined
}

/**
 * Whether a file of this MIME type can be of this kind. False only if that is certain, as for a video instead of an image:
 * `application/octet-stream` can be anything.
 */
export const fitsKind = (mimeType: string, kind: string): boolean => {
  const mediaKind = findMediaKind(mimeType)
  const traits = findKind(kind)
  return (
    mediaKind === undefined || traits === undefined || traits.mediaFamily === findKind(mediaKind)?.mediaFamily
  )
}
