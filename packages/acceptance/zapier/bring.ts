import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import process from "node:process"

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "scenario-automation")

/**
 * Where a package lies that is too heavy to install with the others: in the cache folder, whole or not at all; `undefined`
 * where it cannot be had.
 */
export const bring = (name: string, version: string): string | undefined => {
  const place = join(cache, `${name}@${version}`)
  if (existsSync(place)) return join(place, "node_modules")
  mkdirSync(cache, { recursive: true })
  const half = mkdtempSync(join(cache, "half."))
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
  try {
    execFileSync("npm", ["install", "--prefix", ".", ...quiet, `${name}@${version}`], {
      cwd: half,
      stdio: "pipe",
    })
    renameSync(half, place)
  } catch {
    console.log(`${name}@${version} cannot be fetched: what needs it is skipped.`)
    return undefined
  }
  return join(place, "node_modules")
}
