import { lstatSync, mkdtempSync, rmdirSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join, resolve } from "node:path"

/** Expands `~` and `~/…`, which a shell doesn't do in `--out=~/pictures`. */
export const expandHome = (path: string): string =>
  path === "~" ? homedir() : path.startsWith("~/") ? join(homedir(), path.slice(2)) : path

/** What is expected instead, as a phrase, if files can't be saved in this folder. */
export const findFolderFault = (folder: string): string | undefined => {
  if (folder.trim() === "") return "the name of a folder"
  const found = readKind(folder)
  if (found === "folder") return isWritable(folder) ? undefined : "a folder that you can write to"
  if (found !== "missing") return found
  // It will be created, so the nearest existing folder must allow that.
  for (let parent = dirname(resolve(folder)); ; parent = dirname(parent)) {
    const kind = readKind(parent)
    if (kind === "folder") return isWritable(parent) ? undefined : `a folder (${parent} can't be written to)`
    if (kind !== "missing") return `a folder (${parent} isn't a folder)`
    if (parent === dirname(parent)) return "a folder that can be created"
  }
}

/** `folder`, `missing`, or what is expected instead. */
const readKind = (path: string): string => {
  try {
    return statSync(path).isDirectory() ? "folder" : "a folder (this is a file)"
  } catch (error) {
    if (!isMissing(error)) return "a folder that can be accessed"
    return isLink(path) ? "a folder (this is a broken link)" : "missing"
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")

const isLink = (path: string): boolean => {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

/** Creates and removes a folder in it: by its permissions, root could write to /proc. */
const isWritable = (folder: string): boolean => {
  try {
    rmdirSync(mkdtempSync(join(folder, ".scenario-")))
    return true
  } catch {
    return false
  }
}
