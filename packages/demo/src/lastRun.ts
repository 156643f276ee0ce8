import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"

const list = ".demo-files.json"

/** Creates the folder and deletes the files of the last demo: those on its own list, and no others. */
export const clearLastRun = (folder: string): void => {
  mkdirSync(folder, { recursive: true })
  for (const name of readNames(join(folder, list))) rmSync(join(folder, basename(name)), { force: true })
}

/** Lists this demo's files for the next one. */
export const rememberRun = (folder: string, names: ReadonlyArray<string>): void =>
  writeFileSync(join(folder, list), `${JSON.stringify(names)}\n`)

const readNames = (path: string): ReadonlyArray<string> => {
  try {
    const names: unknown = JSON.parse(readFileSync(path, "utf8"))
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : []
  } catch {
    // No list yet, or a damaged one: then no file is known to be the demo's.
    return []
  }
}
