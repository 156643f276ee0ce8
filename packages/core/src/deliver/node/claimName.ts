import { getNodeModules } from "../../node/nodeModules.ts"
import { numberFileName } from "../FileName.ts"
import type { FolderMemory } from "./FolderMemory.ts"

/**
 * Gives a complete part file its final name: the first free one of `a.png`, `a-2.png`, …. Never overwrites a file. An
 * existing file with the same bytes is used instead, unless another asset was saved there.
 */
export const claimName = async (
  partPath: string,
  folder: string,
  fileName: string,
  { assetId, memory }: { readonly assetId: string; readonly memory: FolderMemory },
): Promise<string> => {
  for (let number = 1; ; number++) {
    const path = getNodeModules().path.join(folder, numberFileName(fileName, number))
    const isClaimed = await tryName(partPath, path)
    if (
      isClaimed ||
      ((memory.getAsset(path) ?? assetId) === assetId && (await haveSameBytes(partPath, path)))
    ) {
      memory.remember(path, assetId)
      return path
    }
  }
}

/** Returns false if the name is taken. Creating a hard link is atomic, so two files can't claim the same name. */
const tryName = async (partPath: string, path: string): Promise<boolean> => {
  try {
    await getNodeModules().fs.promises.link(partPath, path)
    return true
  } catch (error) {
    if (getErrorCode(error) === "EEXIST") return false
    // This file system has no hard links (FAT, some network shares).
    return await reserveAndRename(partPath, path)
  }
}

/** Reserves the name with an empty file, then replaces that atomically. */
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

export const getErrorCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
