import { once } from "node:events"
import { createServer, type ServerResponse } from "node:http"
import process from "node:process"
import { setTimeout as sleep } from "node:timers/promises"
import { Throttle } from "./Throttle.ts"

/**
 * Serves `/<bytes>/<name>`: a file of that length with a PNG signature. A separate process, so that its cost isn't counted
 * as the downloader's: `node serveFiles.ts [bytes a second, of all connections together]`, started by `fork`.
 */
const bytesPerSecond = Number(process.argv[2] ?? "")
const throttle =
  bytesPerSecond > 0
    ? new Throttle({ bytesPerSecond, now: () => performance.now(), sleep: (ms) => sleep(ms) })
    : undefined

/** Small chunks share a limited link evenly. */
const chunk = Buffer.alloc(throttle === undefined ? 1_048_576 : 65_536, 0x5a)
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The first request since the last message. Epoch milliseconds. */
let firstRequestAt: number | undefined

const send = async (response: ServerResponse, bytes: number): Promise<void> => {
  response.writeHead(200, { "content-type": "image/png", "content-length": bytes, etag: '"of the bench"' })
  for (let sent = 0; sent < bytes;) {
    const next = sent === 0 ? signature : chunk.subarray(0, bytes - sent)
    await throttle?.pass(next.length)
    if (response.destroyed) return
    sent += next.length
    if (!response.write(next)) await once(response, "drain")
  }
  response.end()
}

const server = createServer((request, response) => {
  firstRequestAt ??= Date.now()
  const bytes = Number(request.url?.split("/")[1])
  // The client disconnected.
  send(response, bytes).catch(() => response.destroy())
})

process.on("message", () => {
  process.send?.({ firstRequestAt })
  firstRequestAt = undefined
})
process.on("disconnect", () => process.exit(0))
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") process.send?.({ port: address.port })
})
