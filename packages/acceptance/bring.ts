import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import process from "node:process"

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "scenario-automation")

/**
 * Installs a package that is too heavy for the workspace into the cache folder, and returns its `node_modules`; `undefined`
 * if it can't be fetched. `prepare` runs once, before the folder gets its final name.
 */
export const bring = (
  name: string,
  version: string,
  prepare: (nodeModules: string) => void = () => {},
): string | undefined => {
  const place = join(cache, `${name.replace("/", "+")}@${version}`)
  if (existsSync(place)) return join(place, "node_modules")
  mkdirSync(cache, { recursive: true })
  const half = mkdtempSync(join(cache, "half."))
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
  try {
    execFileSync("npm", ["install", "--prefix", ".", ...quiet, `${name}@${version}`], {
      cwd: half,
      stdio: "pipe",
    })
    prepare(join(half, "node_modules"))
    renameSync(half, place)
  } catch {
    rmSync(half, { recursive: true, force: true })
    // Another process can have been first.
    if (existsSync(place)) return join(place, "node_modules")
    console.log(`${name}@${version} cannot be fetched: what needs it is skipped.`)
    return undefined
  }
  return join(place, "node_modules")
}
