import type { FileHandle } from "node:fs/promises"
import { getNodeModules } from "../../node/nodeModules.ts"

/** A file under a temporary name, until it is whole. */
export class PartFile {
  readonly path: string
  readonly #handle: FileHandle
  #bytes = 0

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  static async open(folder: string): Promise<PartFile> {
    const { crypto, fs, path } = getNodeModules()
    const partPath = path.join(folder, `.scenario-${getHost()}-${process.pid}-${crypto.randomUUID()}.part`)
    return new PartFile(partPath, await fs.promises.open(partPath, "wx"))
  }

  /** Bytes that were written. */
  get bytes(): number {
    return this.#bytes
  }

  async append(chunks: ReadonlyArray<Uint8Array>): Promise<void> {
    let rest = [...chunks]
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest, this.#bytes)
      this.#bytes += bytesWritten
      rest = withoutFirst(rest, bytesWritten)
    }
  }

  /** Empties it. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0)
    this.#bytes = 0
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  /** Removes it: the file has its name, or never will have one. */
  async discard(): Promise<void> {
    await this.close().catch(() => undefined)
    await getNodeModules()
      .fs.promises.unlink(this.path)
      .catch(() => undefined)
  }
}

/** Which machine a part belongs to: processes are only known to each other on one. */
const getHost = (): string => {
  const { crypto, os } = getNodeModules()
  return crypto.createHash("sha256").update(os.hostname()).digest("hex").slice(0, 8)
}

const partName = /^\.scenario-([0-9a-f]{8})-(\d+)-[0-9a-f-]{36}\.part$/

/** A part of another machine that was not written to for this long belongs to nobody. */
const abandonedAfterMs = 24 * 60 * 60_000
/** A download that is alive writes, or gives up, within less. */
const maxSilenceMs = 5 * 60_000

/** Removes what processes have left that were killed in the middle of a download. */
export const removeAbandonedParts = async (folder: string): Promise<void> => {
  const { fs, path } = getNodeModules()
  const { readdir, stat, unlink } = fs.promises
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const [, madeOn, pid] = partName.exec(name) ?? []
    if (madeOn === undefined || pid === undefined) continue
    const partPath = path.join(folder, name)
    const writtenAt = await stat(partPath).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    )
    if (writtenAt !== undefined && isAbandoned(madeOn, Number(pid), writtenAt)) {
      await unlink(partPath).catch(() => undefined)
    }
  }
}

const isAbandoned = (madeOn: string, pid: number, writtenAt: number): boolean => {
  if (Date.now() - writtenAt > abandonedAfterMs) return true
  if (madeOn !== getHost()) return false
  // In a container the next process often has the id of the last one.
  if (pid === process.pid) return writtenAt < Date.now() - process.uptime() * 1000 - maxSilenceMs
  return !isRunning(pid)
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process can't be signaled, but it runs.
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

const withoutFirst = (chunks: ReadonlyArray<Uint8Array>, bytes: number): Array<Uint8Array> => {
  let skip = bytes
  return chunks.flatMap((chunk) => {
    const skipped = Math.min(skip, chunk.length)
    skip -= skipped
    return skipped === chunk.length ? [] : [chunk.subarray(skipped)]
  })
}
