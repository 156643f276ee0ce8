import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { quantile } from "../statistics.ts"

export interface ColdStart {
  /** Of the core in one file, minified, in bytes. */
  readonly bundleBytes: number
  readonly bareNodeMs: number
  /** A process that does nothing but require the bundle. */
  readonly withCoreMs: number
}

const tries = 9

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
    return {
      bundleBytes: statSync(file).size,
      bareNodeMs: startOf(empty),
      withCoreMs: startOf(file),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Median wall-clock time of a process. */
const startOf = (file: string): number =>
  quantile(
    Array.from({ length: tries }, () => {
      const begun = performance.now()
      spawnSync(process.execPath, [file])
      return performance.now() - begun
    }),
    0.5,
  )
