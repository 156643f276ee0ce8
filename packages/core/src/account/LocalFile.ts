import { Predicate } from "effect"

/** A file that is at hand as bytes. */
export interface FileInMemory {
  readonly fileName: string
  /** MIME type. Default: told from the name's extension. */
  readonly contentType?: string | undefined
  readonly bytes: Uint8Array
}

/** A file that is read as it is sent, so that a long video needs no memory of its size. */
export interface FileAsStream {
  readonly fileName: string
  readonly contentType?: string | undefined
  /** Bytes; exact, because Scenario is told the size before the content. */
  readonly size: number
  /** Called once for each attempt: it must begin at the start every time. */
  readonly stream: () => AsyncIterable<Uint8Array>
}

/** A file of this machine, given as an input: it is uploaded first, and the input becomes its asset id. */
export type LocalFile = FileInMemory | FileAsStream

/** What a file input takes: an asset id, a data URL, an http(s) URL (imported first), or a file. */
export type FileInput = string | LocalFile

export const isLocalFile = (value: unknown): value is LocalFile =>
  Predicate.hasProperty(value, "fileName") &&
  typeof value.fileName === "string" &&
  (isFileInMemory(value) ||
    (Predicate.hasProperty(value, "stream") &&
      typeof value.stream === "function" &&
      Predicate.hasProperty(value, "size") &&
      typeof value.size === "number"))

export const isFileInMemory = (value: object): value is FileInMemory =>
  Predicate.hasProperty(value, "bytes") && value.bytes instanceof Uint8Array

/** Bytes. */
export const sizeOf = (file: LocalFile): number => (isFileInMemory(file) ? file.bytes.byteLength : file.size)

const contentTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    webp: "image/webp",
    gif: "image/gif",
    avif: "image/avif",
    svg: "image/svg+xml",
    tif: "image/tiff",
    tiff: "image/tiff",
    bmp: "image/bmp",
    exr: "image/x-exr",
    hdr: "image/vnd.radiance",
    mp4: "video/mp4",
    mov: "video/quicktime",
    webm: "video/webm",
    mp3: "audio/mpeg",
    wav: "audio/wav",
    ogg: "audio/ogg",
    flac: "audio/flac",
    m4a: "audio/mp4",
    glb: "model/gltf-binary",
    gltf: "model/gltf+json",
    obj: "model/obj",
    stl: "model/stl",
    txt: "text/plain",
    md: "text/markdown",
    json: "application/json",
    pdf: "application/pdf",
  }),
)

/** The file's MIME type: as said, else by its extension, else `application/octet-stream`. */
export const contentTypeOf = (file: LocalFile): string =>
  file.contentType ??
  contentTypes.get(/\.([^.]+)$/.exec(file.fileName)?.[1]?.toLowerCase() ?? "") ??
  "application/octet-stream"
