import type { FileHandle } from "node:fs/promises"
import { getNodeModules } from "../../node/nodeModules.ts"

/** A file with a temporary name, until its download is complete. */
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

  async restart(): Promise<void> {
    await this.#handle.truncate(0)
    this.#bytes = 0
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  /** Removes the temporary name, whether the file has its final name or not. */
  async discard(): Promise<void> {
    await this.close().catch(() => undefined)
    await getNodeModules()
      .fs.promises.unlink(this.path)
      .catch(() => undefined)
  }
}

/** Removes part files of processes that were killed during a download. */
export const removeAbandonedParts = async (folder: string): Promise<void> => {
  const { fs, path } = getNodeModules()
  const { readdir, stat, unlink } = fs.promises
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const [, machine, pid] = partName.exec(name) ?? []
    if (machine === undefined || pid === undefined) continue
    const partPath = path.join(folder, name)
    const writtenAt = await stat(partPath).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    )
    if (writtenAt !== undefined && isAbandoned(machine, Number(pid), writtenAt)) {
      await unlink(partPath).catch(() => undefined)
    }
  }
}

/** Identifies the machine, because process IDs are only valid on one. */
const getHost = (): string => {
  const { crypto, os } = getNodeModules()
  return crypto.createHash("sha256").update(os.hostname()).digest("hex").slice(0, 8)
}

const partName = /^\.scenario-([0-9a-f]{8})-(\d+)-[0-9a-f-]{36}\.part$/

/** A part file that was not written to for this long is abandoned, on any machine. */
const abandonedAfterMs = 24 * 60 * 60_000
/** A running download writes more often than this, or fails. */
const maxSilenceMs = 5 * 60_000

const isAbandoned = (machine: string, pid: number, writtenAt: number): boolean => {
  if (Date.now() - writtenAt > abandonedAfterMs) return true
  if (machine !== getHost()) return false
  // In a container, the next process often has the same ID as the last one.
  if (pid === process.pid) return writtenAt < Date.now() - process.uptime() * 1000 - maxSilenceMs
  return !isRunning(pid)
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process can't be signaled, but it is running.
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
