import { execFile } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"

const run = promisify(execFile)

/** The newest n8n is not always whole at the registry; this one is. */
const n8nVersion = "2.41.1"

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "scenario-automation")
const place = join(cache, `n8n@${n8nVersion}`)

/** An n8n that can be started, or why there is none, in a sentence. */
export type InstalledN8n = { readonly folder: string } | { readonly missing: string }

/**
 * The pinned n8n, outside of the workspace: it is two gigabytes. Installed once, whole or not at all: it grows beside its
 * place and is renamed into it.
 */
export const installN8n = async (tell: (line: string) => void = () => {}): Promise<InstalledN8n> => {
  if (process.env["SCENARIO_SKIP_N8N"] === "1")
    return { missing: "The real n8n is skipped, as SCENARIO_SKIP_N8N=1 asks." }
  if (existsSync(join(place, "node_modules/n8n/bin/n8n")) && existsSync(sqlite(place)))
    return { folder: place }
  mkdirSync(cache, { recursive: true })
  tell(`fetching n8n ${n8nVersion} (once; some minutes, two gigabytes)`)
  const half = mkdtempSync(join(cache, "half-n8n."))
  try {
    writeFileSync(
      join(half, "package.json"),
      JSON.stringify({ private: true, dependencies: { n8n: n8nVersion } }),
    )
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    await run("npm", ["install", "--ignore-scripts", ...quiet], { cwd: half, timeout: 8 * 60_000 })
    // Its database is the one module that has to be compiled here.
    await run("npm", ["rebuild", "sqlite3", ...quiet], {
      cwd: half,
      env: { ...process.env, ...headers() },
      timeout: 5 * 60_000,
    })
    if (!existsSync(sqlite(half))) return { missing: cannot("its database could not be compiled") }
    rmSync(place, { recursive: true, force: true })
    renameSync(half, place)
    return { folder: place }
  } catch (error) {
    return { missing: cannot(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)) }
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

const cannot = (why: string): string =>
  `The tests in a real n8n are skipped: n8n ${n8nVersion} could not be installed (${why}). They need npm's registry once, and a C++ compiler.`

const sqlite = (folder: string): string =>
  join(folder, "node_modules/sqlite3/build/Release/node_sqlite3.node")

/** Node's headers where they lie beside the binary; else npm fetches them. */
const headers = (): Record<string, string> => {
  const folder = join(dirname(process.execPath), "..")
  return existsSync(join(folder, "include/node/node_api.h")) ? { npm_config_nodedir: folder } : {}
}
