import type { IncomingMessage } from "node:http"

/** The API gateway's limit. */
export const maxBodyBytes = 10 * 1024 * 1024

/** The body, or `undefined` if it is larger than `limit`. It is always read to its end. */
export const readBody = async (request: IncomingMessage, limit: number): Promise<Buffer | undefined> => {
  const pieces: Array<Buffer> = []
  let size = 0
  for await (const piece of request) {
    const bytes = Buffer.from(piece)
    size += bytes.length
    if (size <= limit) pieces.push(bytes)
  }
  return size <= limit ? Buffer.concat(pieces) : undefined
}
