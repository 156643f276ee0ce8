import type { FetchedFile } from "../world/importFile.ts"

const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"])

/**
 * Fetches the file for an upload by URL. Only loopback addresses are fetched. For others the simulator, which never uses the network,
 * makes up a file.
 */
export const fetchLoopback = async (address: string): Promise<FetchedFile> => {
  const url = URL.parse(address)
  if (url === null) return { problem: "The URL is not valid" }
  if (!loopbackHosts.has(url.hostname))
    return { bytes: Buffer.from(`simulated content of ${url.host}`), contentType: "text/plain" }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    if (!response.ok) return { problem: `The URL answered ${response.status}` }
    const contentType = response.headers.get("content-type") ?? "application/octet-stream"
    return { bytes: Buffer.from(await response.arrayBuffer()), contentType }
  } catch (error) {
    return { problem: `The URL could not be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}
