import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"

const list = ".demo-files.json"

/** Makes the folder, and takes away what the demo before left there: its own files by its own list, nothing else. */
export const clearLastRun = (folder: string): void => {
  mkdirSync(folder, { recursive: true })
  for (const name of namesIn(join(folder, list))) rmSync(join(folder, basename(name)), { force: true })
}

/** Writes down what this demo has made, for the next one. */
export const rememberRun = (folder: string, names: ReadonlyArray<string>): void =>
  writeFileSync(join(folder, list), `${JSON.stringify(names)}\n`)

const namesIn = (path: string): ReadonlyArray<string> => {
  try {
    const names: unknown = JSON.parse(readFileSync(path, "utf8"))
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : []
  } catch {
    // None yet, or spoilt: then nothing is known to be ours.
    return []
  }
}
