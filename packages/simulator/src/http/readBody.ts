import type { IncomingMessage } from "node:http"

/** The gateway's cap on a body. */
export const maxBodyBytes = 10 * 1024 * 1024

/** The whole body, or `undefined` when it is larger than `limit` (the rest is read and thrown away). */
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
