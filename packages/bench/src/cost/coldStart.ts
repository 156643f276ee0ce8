import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { measureStartTimes } from "./measureStartTimes.ts"

export interface ColdStart {
  /** Of the core in one file, minified, in bytes. */
  readonly bundleBytes: number
  readonly bareNodeMs: number
  /** A process that only requires the bundle. */
  readonly withCoreMs: number
}

/** The core as a host bundles it: the Effect front, all services, one CommonJS file. */
export const measureColdStart = async (): Promise<ColdStart> => {
  const folder = mkdtempSync(join(tmpdir(), "bench-"))
  try {
    const file = join(folder, "core.cjs")
    const entry = fileURLToPath(new URL("./coldEntry.ts", import.meta.url))
    const build = await rolldown({ input: entry, platform: "node", logLevel: "silent" })
    await build.write({ file, format: "cjs", minify: true, codeSplitting: false })
    await build.close()
    const empty = join(folder, "empty.cjs")
    writeFileSync(empty, "")
    const [bareNodeMs = 0, withCoreMs = 0] = measureStartTimes([[empty], [file]])
    return { bundleBytes: statSync(file).size, bareNodeMs, withCoreMs }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
