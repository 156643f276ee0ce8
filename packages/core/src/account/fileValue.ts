import { getExtension, signatureBytes, sniffType } from "../deliver/FileType.ts"
import type { FileAsStream, FileInMemory, LocalFile } from "./LocalFile.ts"

/** A file as the platform's own types: bytes, a `Blob`, a `File`. */
export type FileValue = Uint8Array | ArrayBuffer | Blob

/** Converts a platform's file to one that can be uploaded, without copying bytes; `undefined` for other values. */
export const readFileValue = (value: unknown): LocalFile | undefined => {
  if (value instanceof Uint8Array) return fromBytes(value)
  if (value instanceof ArrayBuffer) return fromBytes(new Uint8Array(value))
  if (ArrayBuffer.isView(value)) {
    return fromBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  }
  return isBlob(value) ? fromBlob(value) : undefined
}

const fromBytes = (bytes: Uint8Array): FileInMemory => {
  const contentType = sniffType(bytes.subarray(0, signatureBytes))
  return { fileName: makeFileName(contentType), contentType, bytes }
}

const fromBlob = (blob: Blob): FileAsStream => {
  const contentType = blob.type === "" ? undefined : blob.type
  const name: unknown = Reflect.get(blob, "name")
  return {
    fileName: typeof name === "string" && name.trim() !== "" ? name : makeFileName(contentType),
    contentType,
    size: blob.size,
    stream: () => readStream(blob.stream()),
  }
}

const makeFileName = (contentType: string | undefined): string =>
  contentType === undefined ? "file" : `file${getExtension(contentType)}`

/** Doesn't use `instanceof`, so that blobs of `node:buffer` and of other realms count. */
const isBlob = (value: unknown): value is Blob =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "stream") === "function" &&
  typeof Reflect.get(value, "arrayBuffer") === "function" &&
  typeof Reflect.get(value, "size") === "number"

/** On some platforms a stream isn't iterable. */
async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
  }
}
