import { isFileInMemory, type LocalFile } from "./LocalFile.ts"

/** Bytes of a part, unless the file is so large that it would have too many. */
const defaultPartSize = 8 * 1024 * 1024

/** The API's limit. */
const maxParts = 10_000

/** How a file of this size is cut: all parts of one size, but the last. */
export const cut = (fileSize: number): { readonly partSize: number; readonly count: number } => {
  const partSize = Math.max(defaultPartSize, Math.ceil(fileSize / maxParts))
  return { partSize, count: Math.max(1, Math.ceil(fileSize / partSize)) }
}

/**
 * A file's parts in their order. Of a stream it holds one part at a time; of bytes in memory it makes no copy.
 * A file that is not of the size that it said yields more or fewer bytes: the reader compares.
 */
export async function* fileParts(file: LocalFile, partSize: number): AsyncGenerator<Uint8Array, void> {
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
