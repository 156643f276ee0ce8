import { existsSync, readFileSync } from "node:fs"
import process from "node:process"
import type { Download } from "./Download.ts"

/**
 * Downloads in a separate process and prints the cost: `node runDownloader.ts <downloader> <Download as JSON>`.
 * Only the selected downloader is loaded, so that the libraries of the others don't count as its memory.
 */
const downloaders: Readonly<Record<string, () => Promise<{ download(all: Download): Promise<unknown> }>>> = {
  ours: () => import("./downloaders/ours.ts"),
  oursOverUndici: () => import("./downloaders/oursOverUndici.ts"),
  undiciStream: () => import("./downloaders/undiciStream.ts"),
  fetchPipeline: () => import("./downloaders/fetchPipeline.ts"),
}

/** `getrusage` also includes the peak of the parent process, so `/proc` is preferred. */
const peakRssBytes = (): number => {
  const ofThisProgram = "/proc/self/status"
  const line = existsSync(ofThisProgram)
    ? /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(ofThisProgram, "utf8"))
    : null
  return 1_024 * (line === null ? process.resourceUsage().maxRSS : Number(line[1]))
}

const [name = "", given = ""] = process.argv.slice(2)
const loaded = await downloaders[name]?.()
if (loaded === undefined) throw new Error(`unknown downloader '${name}'`)
await loaded.download(JSON.parse(given))
const endedAt = Date.now()
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ endedAt, peakRssBytes: peakRssBytes(), cpuMs: (user + system) / 1_000 }))
process.exit(0)
