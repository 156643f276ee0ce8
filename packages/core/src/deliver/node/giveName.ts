import { getNodeModules } from "../../node/nodeModules.ts"
import { numberedName } from "../FileName.ts"
import type { FolderMemory } from "./FolderMemory.ts"

/**
 * Gives a whole file its name, the first free one of `a.png`, `a-2.png`, …. No other file is ever overwritten. A file that
 * is there already and has the same bytes is taken for this one, unless another asset was saved to it.
 */
export const giveName = async (
  partPath: string,
  folder: string,
  fileName: string,
  { assetId, memory }: { readonly assetId: string; readonly memory: FolderMemory },
): Promise<string> => {
  for (let number = 1; ; number++) {
    const path = getNodeModules().path.join(folder, numberedName(fileName, number))
    const isNamed = await takeName(partPath, path)
    if (isNamed || ((memory.assetAt(path) ?? assetId) === assetId && (await haveSameBytes(partPath, path)))) {
      memory.remember(path, assetId)
      return path
    }
  }
}

/** False if the name is taken. A hard link fails then, also if another file comes at the same moment. */
const takeName = async (partPath: string, path: string): Promise<boolean> => {
  try {
    await getNodeModules().fs.promises.link(partPath, path)
    return true
  } catch (error) {
    if (getErrorCode(error) === "EEXIST") return false
    // No hard links on this file system (FAT, some network shares).
    return await reserveAndRename(partPath, path)
  }
}

/** An empty file holds the name until the whole one takes its place, in one step. */
const reserveAndRename = async (partPath: string, path: string): Promise<boolean> => {
  const { open, rename, unlink } = getNodeModules().fs.promises
  try {
    await (await open(path, "wx")).close()
  } catch (error) {
    if (getErrorCode(error) === "EEXIST") return false
    throw error
  }
  try {
    await rename(partPath, path)
    return true
  } catch (error) {
    await unlink(path).catch(() => undefined)
    throw error
  }
}

const blockBytes = 65_536

const haveSameBytes = async (one: string, other: string): Promise<boolean> => {
  const { open, stat } = getNodeModules().fs.promises
  const [oneStat, otherStat] = await Promise.all([stat(one), stat(other)])
  if (!otherStat.isFile() || oneStat.size !== otherStat.size) return false
  await using oneFile = await open(one)
  await using otherFile = await open(other)
  const oneBlock = new Uint8Array(blockBytes)
  const otherBlock = new Uint8Array(blockBytes)
  for (let at = 0; at < oneStat.size; at += blockBytes) {
    const [read] = await Promise.all([
      oneFile.read(oneBlock, 0, blockBytes, at),
      otherFile.read(otherBlock, 0, blockBytes, at),
    ])
    const isSame = oneBlock.subarray(0, read.bytesRead).every((byte, index) => byte === otherBlock[index])
    if (!isSame) return false
  }
  return true
}

/** The code of a file system's error. */
export const getErrorCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
