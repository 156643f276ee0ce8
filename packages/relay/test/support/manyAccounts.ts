import type { Simulator } from "@scenario-automation/simulator"
import { once } from "node:events"
import { createServer, request } from "node:http"

/** A front of a simulator that accepts any key and secret, for tests with accounts that differ. */
export const acceptAnyKey = async ({ baseUrl, apiKey, apiSecret }: Simulator) => {
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming
    const forwarded = request(
      new URL(incoming.url ?? "/", baseUrl),
      { method, headers: { ...headers, authorization } },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(outgoing)
      },
    )
    forwarded.on("error", () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
