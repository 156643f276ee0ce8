import type { ServerResponse } from "node:http"
import type { ActiveFault } from "../Faults.ts"
import type { SimulatedClock } from "../world/SimulatedClock.ts"

/** Sends a response, or what faults make of it: late, in pieces, or incomplete. */
export const sendResponse = async (
  response: ServerResponse,
  head: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  bytes: Buffer,
  faults: ReadonlyArray<ActiveFault>,
  clock: SimulatedClock,
): Promise<void> => {
  const slow = faults.find((fault) => fault.name === "slow")
  if (slow !== undefined) await clock.sleep(slow.options.delayMs ?? 5000)

  const truncated = faults.find((fault) => fault.name === "truncated-body")
  if (truncated !== undefined) {
    const kept = bytes.subarray(0, truncated.options.afterBytes ?? Math.floor(bytes.length / 2))
    const isChunked =
      truncated.options.framing !== undefined && truncated.options.framing !== "content-length"
    const framing = isChunked ? { "transfer-encoding": "chunked" } : { "content-length": `${bytes.length}` }
    response.writeHead(head.status, { ...head.headers, ...framing })
    if (truncated.options.framing === "ended") {
      response.end(kept)
      return
    }
    response.write(kept, () => response.socket?.destroySoon())
    return
  }

  const wrongLength = faults.find((fault) => fault.name === "wrong-length")
  if (wrongLength !== undefined && bytes.length > 0) {
    const promised = bytes.length + (wrongLength.options.extraBytes ?? 1000)
    response.writeHead(head.status, { ...head.headers, "content-length": `${promised}` })
    response.write(bytes, () => response.socket?.destroySoon())
    return
  }

  const trickle = faults.find((fault) => fault.name === "trickle")
  response.writeHead(head.status, { "content-length": `${bytes.length}`, ...head.headers })
  if (trickle !== undefined) {
    const pieces = Math.max(1, trickle.options.chunks ?? 8)
    const size = Math.max(1, Math.ceil(bytes.length / pieces))
    for (let start = 0; start < bytes.length; start += size) {
      if (start > 0) await clock.sleep(trickle.options.delayMs ?? 200)
      response.write(bytes.subarray(start, start + size))
    }
    response.end()
    return
  }
  response.end(bytes)
}
