import { maxUploadParts } from "../api/limits.ts"
import { isFileInMemory, type LocalFile } from "./LocalFile.ts"

/** All parts have this size, except the last. */
export const planParts = (fileSize: number): { readonly partSize: number; readonly count: number } => {
  const partSize = Math.max(defaultPartSize, Math.ceil(fileSize / maxUploadParts))
  return { partSize, count: Math.max(1, Math.ceil(fileSize / partSize)) }
}

/**
 * Reads a file in parts. It holds one part of a stream in memory, and copies no bytes of a file in memory. If the stated size
 * is wrong, there are more or fewer bytes: the caller has to compare.
 */
export async function* readParts(file: LocalFile, partSize: number): AsyncGenerator<Uint8Array, void> {
  if (isFileInMemory(file)) {
    for (let start = 0; start < file.bytes.byteLength; start += partSize) {
      yield file.bytes.subarray(start, start + partSize)
    }
    return
  }
  let part = new Uint8Array(partSize)
  let filled = 0
  for await (const chunk of file.stream()) {
    for (let read = 0; read < chunk.byteLength;) {
      const piece = chunk.subarray(read, read + partSize - filled)
      part.set(piece, filled)
      filled += piece.byteLength
      read += piece.byteLength
      if (filled < partSize) continue
      yield part
      part = new Uint8Array(partSize)
      filled = 0
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
}

/** Bytes. Larger if the file would have too many parts. */
const defaultPartSize = 8 * 1024 * 1024
