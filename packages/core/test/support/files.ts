import { Effect } from "effect"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder that exists as long as the scope. */
export const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "scenario-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
)

/** The names of the files in a folder, sorted. */
export const listNames = (folder: string) => Effect.promise(async () => (await readdir(folder)).toSorted())

export const readBytes = (path: string) => Effect.promise(async () => new Uint8Array(await readFile(path)))

/** Bytes that begin like a PNG. */
export const makePngBytes = (size: number) => {
  const bytes = new Uint8Array(size).map((_, index) => (index * 31) % 251)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return bytes
}
