import { Array, Effect, Result, Stream } from "effect"
import { randomUUID } from "node:crypto"
import { constants } from "node:fs"
import { type FileHandle, copyFile, link, mkdir, open, unlink } from "node:fs/promises"
import { join } from "node:path"
import type { Asset } from "../../api/Asset.ts"
import { type ApiError, type DownloadFailed, FilesNotSaved, InvalidInput, SaveFailed } from "../../errors.ts"
import { Assets } from "../../resolve/Assets.ts"
import { concurrentDownloads, Downloads } from "../Downloads.ts"
import {
  defaultNameTemplate,
  fileNameOf,
  type NameTemplate,
  type NamingContext,
  numberedName,
  templateFields,
  unknownTemplateFields,
} from "../FileName.ts"
import type { DownloadOptions, DownloadStart } from "../FileReader.ts"

export interface SaveOptions extends NamingContext, Pick<DownloadOptions, "rendition" | "onProgress"> {
  /** The file's name without its extension. Default `{assetId}`. */
  readonly nameTemplate?: NameTemplate | undefined
}

/** A file that is whole and in its place. */
export interface SavedFile {
  readonly assetId: string
  readonly path: string
  readonly bytes: number
  readonly mimeType: string
}

/** Everything in which saving can end but success. */
export type SaveError = DownloadFailed | SaveFailed | InvalidInput | ApiError

/**
 * Saves the file of an asset (or asset id) in a folder, which is made where it is missing. The file has a temporary name
 * until it is whole; a name that is taken gets a number. Nothing is left behind by a failure or an interruption.
 */
export const save = Effect.fn("save")(function* (
  assetOrId: Asset | string,
  folder: string,
  options: SaveOptions = {},
) {
  const template = options.nameTemplate ?? defaultNameTemplate
  const unknown = unknownTemplateFields(template)
  if (unknown.length > 0) {
    const expected = `a name made of ${templateFields.map((field) => `{${field}}`).join(" ")}`
    return yield* new InvalidInput({
      issues: unknown.map((field) => ({ path: "nameTemplate", expected, got: `{${field}}` })),
    })
  }
  const assets = yield* Assets
  const asset = typeof assetOrId === "string" ? yield* assets.get(assetOrId) : assetOrId
  yield* fileWork(folder, asset, () => mkdir(folder, { recursive: true }))
  return yield* Effect.scoped(saveWhole(asset, folder, template, options))
})

/**
 * Saves several, a few at a time, in the given order; `{index}` counts them from 1. If one fails, the others continue, and
 * `FilesNotSaved` carries those that were saved; if none was, it fails as the first one did.
 */
export const saveAll = (
  assets: ReadonlyArray<Asset>,
  folder: string,
  options: Omit<SaveOptions, "index"> = {},
): Effect.Effect<ReadonlyArray<SavedFile>, SaveError | FilesNotSaved, Assets | Downloads> =>
  Effect.gen(function* () {
    const results = yield* Effect.forEach(
      assets,
      (asset, index) => Effect.result(save(asset, folder, { ...options, index: index + 1 })),
      // As many as download at once, and as many again that are being named or stand ready.
      { concurrency: 2 * concurrentDownloads },
    )
    const [saved, failures] = [results.filter(Result.isSuccess), results.filter(Result.isFailure)]
    const [first] = failures
    if (first === undefined) return saved.map(({ success }) => success)
    if (saved.length === 0) return yield* Effect.fail(first.failure)
    return yield* new FilesNotSaved({
      saved: saved.map(({ success }) => success),
      failures: Array.zip(assets, results).flatMap(([{ assetId }, result]) =>
        Result.isSuccess(result)
          ? []
          : [{ assetId, reason: result.failure.message, isRetryable: result.failure.isRetryable }],
      ),
      isRetryable: failures.some(({ failure }) => failure.isRetryable),
    })
  })

const saveWhole = Effect.fnUntraced(function* (
  asset: Asset,
  folder: string,
  template: NameTemplate,
  options: SaveOptions,
) {
  const downloads = yield* Downloads
  const partPath = join(folder, `.${randomUUID()}.part`)
  const openPart = Effect.acquireRelease(
    fileWork(partPath, asset, () => open(partPath, "wx")),
    (handle) => Effect.promise(() => discard(handle, partPath)),
  )
  /** Opened when the first bytes are there: of a thousand files that are asked for at once, few are open. */
  let file: FileHandle | undefined
  let start: DownloadStart | undefined
  let bytes = 0
  yield* downloads
    .download(asset, {
      rendition: options.rendition,
      onProgress: options.onProgress,
      onStart: (begun) =>
        Effect.sync(() => {
          start = begun
        }),
    })
    .pipe(
      Stream.runForEachArray((chunks) =>
        Effect.gen(function* () {
          const part = (file ??= yield* openPart)
          bytes += chunks.reduce((sum, chunk) => sum + chunk.length, 0)
          yield* fileWork(partPath, asset, () => writeAll(part, chunks))
        }),
      ),
    )
  yield* fileWork(partPath, asset, async () => file?.close())
  const mimeType = start?.mimeType ?? asset.mimeType
  const path = yield* fileWork(folder, asset, () =>
    giveName(partPath, folder, fileNameOf(asset, mimeType, template, options)),
  )
  const saved: SavedFile = { assetId: asset.assetId, path, bytes, mimeType }
  return saved
})

/** What is left of a file that has its name, or never will have one. */
const discard = async (file: FileHandle, partPath: string): Promise<void> => {
  await file.close().catch(() => undefined)
  await unlink(partPath).catch(() => undefined)
}

const writeAll = async (file: FileHandle, chunks: ReadonlyArray<Uint8Array>): Promise<void> => {
  let rest = [...chunks]
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest)
    rest = withoutFirst(rest, bytesWritten)
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

/**
 * Gives a whole file its name, the first free one of `a.png`, `a-2.png`, …. A hard link fails where the name is taken,
 * so that no other file is ever overwritten, not even one that comes at the same moment.
 */
const giveName = async (partPath: string, folder: string, fileName: string): Promise<string> => {
  for (let number = 1; ; number++) {
    const path = join(folder, numberedName(fileName, number))
    try {
      await link(partPath, path)
      return path
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue
      // No hard links on this file system (FAT, some network shares): a copy that refuses to overwrite.
      if (await copied(partPath, path)) return path
    }
  }
}

const copied = async (from: string, to: string): Promise<boolean> => {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false
    throw error
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined

const fileWork = <A>(path: string, asset: Asset, work: () => Promise<A>): Effect.Effect<A, SaveFailed> =>
  Effect.tryPromise({
    try: work,
    catch: (error) =>
      new SaveFailed({
        path,
        assetId: asset.assetId,
        reason: reasons.get(codeOf(error) ?? "") ?? String(error),
      }),
  })

const reasons: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["ENOSPC", "no space is left on the disk"],
  ["EROFS", "the file system is read-only"],
  ["ENOTDIR", "a part of the path is a file, not a folder"],
  ["EEXIST", "a file of that name is in the way"],
  ["ENAMETOOLONG", "the path is too long"],
  ["EDQUOT", "the disk quota is used up"],
  ["EISDIR", "it is a folder"],
])
