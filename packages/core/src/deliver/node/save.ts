import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Asset } from "../../api/Asset.ts"
import { type ApiError, type DownloadFailed, FilesNotSaved, InvalidInput, SaveFailed } from "../../errors.ts"
import { makeValueIssue } from "../../InputIssue.ts"
import { getNodeModules, requireFileSystem } from "../../node/nodeModules.ts"
import { Assets } from "../../resolve/Assets.ts"
import { annotateSpan } from "../../tracing.ts"
import { maxConcurrentDownloads } from "../downloadConcurrency.ts"
import { Downloads } from "../Downloads.ts"
import {
  defaultNameTemplate,
  getFileName,
  type NameTemplate,
  type NamingContext,
  findUnknownTemplateFields,
  templateFields,
} from "../FileName.ts"
import type { DownloadEnd, DownloadOptions, DownloadStart } from "../FileReader.ts"
import { getFolderMemory } from "./FolderMemory.ts"
import { claimName, getErrorCode } from "./claimName.ts"
import { PartFile, removeAbandonedParts } from "./PartFile.ts"

export interface NamingOptions extends NamingContext {
  /** The file's name without its extension. Default `{assetId}`. */
  readonly nameTemplate?: NameTemplate | undefined
}

export interface SaveOptions extends NamingOptions, Pick<DownloadOptions, "rendition" | "onProgress"> {}

/** A complete file. */
export interface SavedFile {
  readonly assetId: string
  readonly path: string
  readonly bytes: number
  readonly mimeType: string
  /** The size that Scenario or the CDN stated, if it was wrong. The CDN was asked for the rest, and had none. */
  readonly promisedBytes?: number | undefined
}

export type SaveError = DownloadFailed | SaveFailed | InvalidInput | ApiError

/**
 * Saves the file of an asset to a folder, which is created if needed. The file has a temporary name until it is complete. If its
 * name is taken by another file, a number is added. Removes the temporary file after a failure or an interruption, and those of
 * killed processes.
 *
 * @example
 * ```ts
 * const { path } = yield* save("asset_1", "pictures", { nameTemplate: "{name}-{seed}" })
 * ```
 */
export const save = Effect.fn("scenario.save")(function* (
  assetOrId: Asset | string,
  folder: string,
  options: SaveOptions = {},
) {
  yield* requireFileSystem("folder", "Use download(asset), which gives the bytes.")
  const template = options.nameTemplate ?? defaultNameTemplate
  const unknown = findUnknownTemplateFields(template)
  if (unknown.length > 0) {
    const expected = `a name made of ${templateFields.map((field) => `{${field}}`).join(" ")}`
    return yield* new InvalidInput({
      issues: unknown.map((field) => makeValueIssue("nameTemplate", expected, `{${field}}`)),
    })
  }
  const assets = yield* Assets
  const asset = typeof assetOrId === "string" ? yield* assets.get(assetOrId) : assetOrId
  yield* annotateSpan({ "scenario.asset.id": asset.assetId })
  yield* tryFileWork(folder, asset, () => getNodeModules().fs.promises.mkdir(folder, { recursive: true }))
  const saved = yield* Effect.scoped(saveAsset(asset, folder, template, options))
  yield* annotateSpan({ "scenario.file.bytes": saved.bytes })
  return saved
})

/**
 * Saves several files, a few at a time, in the given order. `{index}` counts from 1. If some fail, the others continue, and
 * `FilesNotSaved` carries the saved ones. If all fail, it fails with the first error.
 *
 * @example
 * ```ts
 * const { assets } = yield* resume("job_1")
 * for (const { path } of yield* saveAll(assets, "pictures")) yield* Effect.log(path)
 * ```
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
      // Half of them download, the others get their name or are ready to start.
      { concurrency: 2 * maxConcurrentDownloads },
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

const saveAsset = Effect.fnUntraced(function* (
  asset: Asset,
  folder: string,
  template: NameTemplate,
  options: SaveOptions,
) {
  const downloads = yield* Downloads
  const memory = getFolderMemory(downloads)
  if (memory.addFolder(folder)) yield* tryFileWork(folder, asset, () => removeAbandonedParts(folder))
  /** Called with the first bytes, so that few files are open even if a thousand are saved at once. */
  const openPart = Effect.acquireRelease(
    tryFileWork(folder, asset, () => PartFile.open(folder)),
    (part) => Effect.promise(() => part.discard()),
  )
  let part: PartFile | undefined
  let start: DownloadStart | undefined
  let end: DownloadEnd | undefined
  yield* downloads
    .download(asset, {
      rendition: options.rendition,
      onProgress: options.onProgress,
      onStart: (known) =>
        Effect.sync(() => {
          start = known
        }),
      onRestart: Effect.suspend(() =>
        part === undefined ? Effect.void : Effect.promise(async () => part?.restart()),
      ),
      onEnd: (known) =>
        Effect.sync(() => {
          end = known
        }),
    })
    .pipe(
      Stream.runForEachArray((chunks) =>
        Effect.gen(function* () {
          const file = (part ??= yield* openPart)
          yield* tryFileWork(file.path, asset, () => file.append(chunks))
        }),
      ),
    )
  const complete = part ?? (yield* openPart)
  yield* tryFileWork(complete.path, asset, () => complete.close())
  const mimeType = start?.mimeType ?? asset.mimeType
  const fileName = getFileName(asset, mimeType, template, options)
  const path = yield* tryFileWork(folder, asset, () =>
    claimName(complete.path, folder, fileName, { assetId: asset.assetId, memory }),
  )
  const saved: SavedFile = {
    assetId: asset.assetId,
    path,
    bytes: complete.bytes,
    mimeType,
    ...(end?.promisedBytes === undefined ? {} : { promisedBytes: end.promisedBytes }),
  }
  return saved
})

const tryFileWork = <A>(path: string, asset: Asset, work: () => Promise<A>): Effect.Effect<A, SaveFailed> =>
  Effect.tryPromise({
    try: work,
    catch: (error) =>
      new SaveFailed({
        path,
        assetId: asset.assetId,
        reason: reasons.get(getErrorCode(error) ?? "") ?? String(error),
      }),
  })

const reasons: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["ENOSPC", "no space is left on the disk"],
  ["EROFS", "the file system is read-only"],
  ["ENOTDIR", "a part of the path is a file, not a folder"],
  ["EEXIST", "a file with that name exists"],
  ["ENAMETOOLONG", "the path is too long"],
  ["EDQUOT", "the disk quota is used up"],
  ["EISDIR", "it is a folder"],
])
