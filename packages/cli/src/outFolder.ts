import { accessSync, constants, lstatSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join, resolve } from "node:path"

/** `~` and `~/…` mean the home folder, also where no shell has expanded them: `--out=~/pictures`. */
export const expandHome = (path: string): string =>
  path === "~" ? homedir() : path.startsWith("~/") ? join(homedir(), path.slice(2)) : path

/** Why files can't be saved in this folder, as a phrase; `undefined` if they can. */
export const findFolderFault = (folder: string): string | undefined => {
  if (folder.trim() === "") return "a folder's name"
  const found = readKind(folder)
  if (found === "folder") return isWritable(folder) ? undefined : "a folder that you may write to"
  if (found !== "missing") return found
  // It will be created: the nearest folder that exists must allow that.
  for (let parent = dirname(resolve(folder)); ; parent = dirname(parent)) {
    const kind = readKind(parent)
    if (kind === "folder") return isWritable(parent) ? undefined : `a folder (${parent} can't be written to)`
    if (kind !== "missing") return `a folder (${parent} isn't one)`
    if (parent === dirname(parent)) return "a folder that can be created"
  }
}

/** `folder`, `missing`, or what is expected instead of what is there. */
const readKind = (path: string): string => {
  try {
    return statSync(path).isDirectory() ? "folder" : "a folder, and this is a file"
  } catch (error) {
    if (!isMissing(error)) return "a folder that can be reached"
    return isLink(path) ? "a folder, and this is a broken link" : "missing"
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

const isWritable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
