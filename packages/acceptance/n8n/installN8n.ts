import { execFile } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"

const run = promisify(execFile)

/** Pinned, because the newest n8n is not always installable: a package of it can be missing (docs/decisions/0008). */
const n8nVersion = "2.41.1"

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "scenario-automation")
const place = join(cache, `n8n@${n8nVersion}`)

/** A folder with an installed n8n, or the reason why it can't be installed, as a sentence. */
export type InstalledN8n = { readonly folder: string } | { readonly missing: string }

/**
 * Installs the pinned n8n (two gigabytes) into the cache folder, once. It is installed beside its place and then renamed,
 * so that an interrupted installation leaves nothing that looks complete.
 */
export const installN8n = async (log: (line: string) => void = () => {}): Promise<InstalledN8n> => {
  if (process.env["SCENARIO_SKIP_N8N"] === "1")
    return { missing: "The real n8n is skipped, as SCENARIO_SKIP_N8N=1 asks." }
  if (existsSync(join(place, "node_modules/n8n/bin/n8n")) && existsSync(sqlite(place)))
    return { folder: place }
  mkdirSync(cache, { recursive: true })
  log(`fetching n8n ${n8nVersion} (once; some minutes, two gigabytes)`)
  const half = mkdtempSync(join(cache, "half-n8n."))
  try {
    writeFileSync(
      join(half, "package.json"),
      JSON.stringify({ private: true, dependencies: { n8n: n8nVersion } }),
    )
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    // A loaded machine with two cores took 14 minutes.
    await run("npm", ["install", "--ignore-scripts", ...quiet], { cwd: half, timeout: 20 * 60_000 })
    // Only its database has to be compiled.
    await run("npm", ["rebuild", "sqlite3", ...quiet], {
      cwd: half,
      env: { ...process.env, ...headers() },
      timeout: 5 * 60_000,
    })
    if (!existsSync(sqlite(half))) return { missing: describeMissing("its database could not be compiled") }
    rmSync(place, { recursive: true, force: true })
    renameSync(half, place)
    return { folder: place }
  } catch (error) {
    return {
      missing: describeMissing(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)),
    }
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

const describeMissing = (why: string): string =>
  `The tests in a real n8n are skipped: n8n ${n8nVersion} could not be installed (${why}). They need npm's registry once, and a C++ compiler.`

const sqlite = (folder: string): string =>
  join(folder, "node_modules/sqlite3/build/Release/node_sqlite3.node")

/** Uses Node's headers if they are beside the binary; else npm downloads them. */
const headers = (): Record<string, string> => {
  const folder = join(dirname(process.execPath), "..")
  return existsSync(join(folder, "include/node/node_api.h")) ? { npm_config_nodedir: folder } : {}
}
