import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import type { Download } from "./Download.ts"
import type { FileServer } from "./FileServer.ts"

export type Who = "curl" | "ours" | "oursOverUndici" | "undiciStream" | "fetchPipeline"

/** Files of one size over one link. */
export interface Setting {
  /** Of all connections together; absent: as fast as the machine is. */
  readonly bytesPerSecond?: number
  readonly fileBytes: number
  readonly files: number
  readonly atOnce: number
}

export interface Run {
  /** From the first request to the last file in its place. */
  readonly bytesPerSecond: number
  /** Unknown of curl. */
  readonly peakRssBytes: number | undefined
}

export const hasCurl = (): boolean => spawnSync("curl", ["--version"]).status === 0

/** One downloader, in a process of its own, into a folder of its own. */
export const runOnce = async (
  who: Who,
  { fileBytes, files, atOnce }: Setting,
  server: FileServer,
  script: string,
): Promise<Run> => {
  const folder = mkdtempSync(join(tmpdir(), "bench-bytes-"))
  try {
    const urls = Array.from({ length: files }, (_, index) => `${server.origin}/${fileBytes}/${index}.png`)
    const { endedAt, peakRssBytes } =
      who === "curl" ? curl({ urls, folder, atOnce }) : downloader(who, { urls, folder, atOnce }, script)
    const tookMs = endedAt - (await server.firstRequestAt())
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
    if (sizes.length !== files || sizes.some((size) => size !== fileBytes)) {
      throw new Error(`${who} did not download every file whole`)
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

const curl = ({ urls, folder, atOnce }: Download): Ended => {
  const outputs = urls.flatMap((url, index) => ["--output", join(folder, `${index}.png`), url])
  const { status } = spawnSync("curl", [
    "--silent",
    "--parallel",
    "--parallel-max",
    String(atOnce),
    ...outputs,
  ])
  if (status !== 0) throw new Error(`curl ended with ${status}`)
  return { endedAt: Date.now() }
}

const downloader = (who: Who, download: Download, script: string): Required<Ended> => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, who, JSON.stringify(download)], {
    encoding: "utf8",
  })
  if (status !== 0) throw new Error(`${who} failed: ${stderr}`)
  return JSON.parse(stdout)
}
