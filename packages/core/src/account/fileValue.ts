import { getExtension, signatureBytes, sniffType } from "../deliver/FileType.ts"
import type { FileAsStream, FileInMemory, LocalFile } from "./LocalFile.ts"

/** The platform's own ways to hold a file: bytes, a `Blob`, a `File`. */
export type FileValue = Uint8Array | ArrayBuffer | Blob

/** A file that the platform holds, as one to upload; `undefined` if the value isn't one. Bytes are not copied. */
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
  return { fileName: nameFor(contentType), contentType, bytes }
}

const fromBlob = (blob: Blob): FileAsStream => {
  const contentType = blob.type === "" ? undefined : blob.type
  const name: unknown = Reflect.get(blob, "name")
  return {
    fileName: typeof name === "string" && name.trim() !== "" ? name : nameFor(contentType),
    contentType,
    size: blob.size,
    stream: () => readStream(blob.stream()),
  }
}

const nameFor = (contentType: string | undefined): string =>
  contentType === undefined ? "file" : `file${getExtension(contentType)}`

/** By what it does: `node:buffer`'s and another realm's are blobs as well. */
const isBlob = (value: unknown): value is Blob =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "stream") === "function" &&
  typeof Reflect.get(value, "arrayBuffer") === "function" &&
  typeof Reflect.get(value, "size") === "number"

/** Not every platform's stream can be iterated. */
async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
  }
}
