import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import type { Download } from "./Download.ts"
import type { FileServer } from "./FileServer.ts"

export type Downloader = "curl" | "ours" | "oursOverUndici" | "undiciStream" | "fetchPipeline"

/** Files of one size over one link. */
export interface Setting {
  /** Of all connections together. Default: unlimited. */
  readonly bytesPerSecond?: number
  readonly fileBytes: number
  readonly files: number
  readonly concurrency: number
}

export interface Run {
  /** From the first request to the last saved file. */
  readonly bytesPerSecond: number
  /** Not measured for curl. */
  readonly peakRssBytes: number | undefined
}

export const hasCurl = (): boolean => spawnSync("curl", ["--version"]).status === 0

/** Runs one downloader in a separate process, into a new folder. */
export const runOnce = async (
  downloader: Downloader,
  { fileBytes, files, concurrency }: Setting,
  server: FileServer,
  script: string,
): Promise<Run> => {
  const folder = mkdtempSync(join(tmpdir(), "bench-bytes-"))
  try {
    const urls = Array.from({ length: files }, (_, index) => `${server.origin}/${fileBytes}/${index}.png`)
    const { endedAt, peakRssBytes } =
      downloader === "curl"
        ? curl({ urls, folder, concurrency })
        : runScript(downloader, { urls, folder, concurrency }, script)
    const tookMs = endedAt - (await server.firstRequestAt())
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
    if (sizes.length !== files || sizes.some((size) => size !== fileBytes)) {
      throw new Error(`${downloader} did not download every file completely`)
    }
    return { bytesPerSecond: (1_000 * fileBytes * files) / tookMs, peakRssBytes }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Ended {
  readonly endedAt: number
  readonly peakRssBytes?: number
}

const curl = ({ urls, folder, concurrency }: Download): Ended => {
  const outputs = urls.flatMap((url, index) => ["--output", join(folder, `${index}.png`), url])
  const { status } = spawnSync("curl", [
    "--silent",
    "--parallel",
    "--parallel-max",
    String(concurrency),
    ...outputs,
  ])
  if (status !== 0) throw new Error(`curl ended with ${status}`)
  return { endedAt: Date.now() }
}

const runScript = (downloader: Downloader, download: Download, script: string): Required<Ended> => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [script, downloader, JSON.stringify(download)],
    {
      encoding: "utf8",
    },
  )
  if (status !== 0) throw new Error(`${downloader} failed: ${stderr}`)
  return JSON.parse(stdout)
}
