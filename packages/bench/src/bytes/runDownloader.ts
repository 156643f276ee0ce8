import { existsSync, readFileSync } from "node:fs"
import process from "node:process"
import type { Download } from "./Download.ts"

/**
 * Downloads in a process of its own, and prints what it took: `node runDownloader.ts <downloader> <Download as JSON>`.
 * Of the downloaders only the one that is asked for is loaded: the libraries of the others would count as its memory.
 */
const downloaders: Readonly<Record<string, () => Promise<{ download(all: Download): Promise<unknown> }>>> = {
  ours: () => import("./downloaders/ours.ts"),
  oursOverUndici: () => import("./downloaders/oursOverUndici.ts"),
  undiciStream: () => import("./downloaders/undiciStream.ts"),
  fetchPipeline: () => import("./downloaders/fetchPipeline.ts"),
}

/** `getrusage` would tell the most that the process which has started this one ever took, where that is more. */
const peakRssBytes = (): number => {
  const ofThisProgram = "/proc/self/status"
  const line = existsSync(ofThisProgram)
    ? /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(ofThisProgram, "utf8"))
    : null
  return 1_024 * (line === null ? process.resourceUsage().maxRSS : Number(line[1]))
}

const [name = "", given = ""] = process.argv.slice(2)
const loaded = await downloaders[name]?.()
if (loaded === undefined) throw new Error(`there is no downloader '${name}'`)
await loaded.download(JSON.parse(given))
const endedAt = Date.now()
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ endedAt, peakRssBytes: peakRssBytes(), cpuMs: (user + system) / 1_000 }))
process.exit(0)
