import type { FetchedFile } from "../world/importFile.ts"

const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"])

/**
 * What an upload by URL brings in. Loopback is really fetched; for the rest of the world the simulator, which never
 * goes online, pretends.
 */
export const fetchLoopback = async (address: string): Promise<FetchedFile> => {
  const url = URL.parse(address)
  if (url === null) return { problem: "The URL is not valid" }
  if (!loopbackHosts.has(url.hostname))
    return { bytes: Buffer.from(`pretended content of ${url.host}`), contentType: "text/plain" }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    if (!response.ok) return { problem: `The URL answered ${response.status}` }
    const contentType = response.headers.get("content-type") ?? "application/octet-stream"
    return { bytes: Buffer.from(await response.arrayBuffer()), contentType }
  } catch (error) {
    return { problem: `The URL could not be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}
