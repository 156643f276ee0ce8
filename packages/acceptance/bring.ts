import { execFileSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import process from "node:process"

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "scenario-automation")

/** The folder of an installed package, or why it can't be installed, as a phrase. */
export type Installed = { readonly folder: string } | { readonly missing: string }

/**
 * Installs a package that is too heavy for the workspace into the cache folder, once. `prepare` runs before the folder gets its
 * final name, so an interrupted installation leaves nothing that looks complete. If another process installs the same package,
 * this one waits for it.
 */
export const install = (
  name: string,
  version: string,
  prepare: (folder: string) => void = () => {},
): Installed => {
  const folder = join(cache, `${name.replace("/", "+")}@${version}`)
  if (existsSync(folder)) return { folder }
  mkdirSync(cache, { recursive: true })
  return holdLock(`${folder}.lock`, () => {
    if (existsSync(folder)) return { folder }
    const half = mkdtempSync(join(cache, "half."))
    try {
      writeFileSync(
        join(half, "package.json"),
        JSON.stringify({ private: true, dependencies: { [name]: version } }),
      )
      execFileSync("npm", ["install", "--ignore-scripts", ...quiet], {
        cwd: half,
        stdio: "pipe",
        timeout: maxInstallMs,
      })
      prepare(half)
      renameSync(half, folder)
      return { folder }
    } catch (error) {
      return { missing: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) }
    } finally {
      rmSync(half, { recursive: true, force: true })
    }
  })
}

/** The `node_modules` of an installed package; `undefined` if it can't be installed, which is printed. */
export const bring = (
  name: string,
  version: string,
  prepare?: (folder: string) => void,
): string | undefined => {
  const installed = install(name, version, prepare)
  if ("folder" in installed) return join(installed.folder, "node_modules")
  console.log(`${name}@${version} cannot be fetched, so what needs it is skipped (${installed.missing}).`)
  return undefined
}

export const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]

/** A loaded machine with two cores took 14 minutes for n8n. */
const maxInstallMs = 20 * 60_000

const holdLock = <A>(lock: string, work: () => A): A => {
  while (!takeLock(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

const takeLock = (lock: string): boolean => {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" })
    return true
  } catch {
    if (isAbandoned(lock)) rmSync(lock, { force: true })
    return false
  }
}

/** Whether the process that holds the lock was killed. */
const isAbandoned = (lock: string): boolean => {
  try {
    const isOld = Date.now() - statSync(lock).mtimeMs > 2 * maxInstallMs
    // Signal 0 is not sent: it only asks whether the process exists.
    return isOld || !process.kill(Number(readFileSync(lock, "utf8")), 0)
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH"
  }
}
