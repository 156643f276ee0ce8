import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Asset } from "../../api/Asset.ts"
import { type ApiError, type DownloadFailed, FilesNotSaved, InvalidInput, SaveFailed } from "../../errors.ts"
import { getNodeModules, requireFileSystem } from "../../node/nodeModules.ts"
import { Assets } from "../../resolve/Assets.ts"
import { concurrentDownloads, Downloads } from "../Downloads.ts"
import {
  defaultNameTemplate,
  getFileName,
  type NameTemplate,
  type NamingContext,
  templateFields,
  unknownTemplateFields,
} from "../FileName.ts"
import type { DownloadEnd, DownloadOptions, DownloadStart } from "../FileReader.ts"
import { getFolderMemory } from "./FolderMemory.ts"
import { getErrorCode, giveName } from "./giveName.ts"
import { PartFile, removeAbandonedParts } from "./PartFile.ts"

export interface NamingOptions extends NamingContext {
  /** The file's name without its extension. Default `{assetId}`. */
  readonly nameTemplate?: NameTemplate | undefined
}

export interface SaveOptions extends NamingOptions, Pick<DownloadOptions, "rendition" | "onProgress"> {}

/** A file that is whole and in its place. */
export interface SavedFile {
  readonly assetId: string
  readonly path: string
  readonly bytes: number
  readonly mimeType: string
  /** The size that Scenario or the CDN promised, if it was wrong: nothing more came when it was asked for. */
  readonly promisedBytes?: number | undefined
}

/** Everything in which saving can end but success. */
export type SaveError = DownloadFailed | SaveFailed | InvalidInput | ApiError

/**
 * Saves the file of an asset (or asset id) in a folder, which is made where it is missing. The file has a temporary name
 * until it is whole; a name that is taken by another file gets a number. Nothing is left behind by a failure or an
 * interruption, and what killed processes have left is removed.
 */
export const save = Effect.fn("save")(function* (
  assetOrId: Asset | string,
  folder: string,
  options: SaveOptions = {},
) {
  yield* requireFileSystem("folder", "download(asset), which gives its bytes,")
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
  yield* fileWork(folder, asset, () => getNodeModules().fs.promises.mkdir(folder, { recursive: true }))
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
  const memory = getFolderMemory(downloads)
  if (memory.isNewFolder(folder)) yield* fileWork(folder, asset, () => removeAbandonedParts(folder))
  /** Opened when the first bytes are there: of a thousand files that are asked for at once, few are open. */
  const openPart = Effect.acquireRelease(
    fileWork(folder, asset, () => PartFile.open(folder)),
    (part) => Effect.promise(() => part.discard()),
  )
  let part: PartFile | undefined
  let start: DownloadStart | undefined
  let end: DownloadEnd | undefined
  yield* downloads
    .download(asset, {
      rendition: options.rendition,
      onProgress: options.onProgress,
      onStart: (begun) =>
        Effect.sync(() => {
          start = begun
        }),
      onRestart: Effect.suspend(() =>
        part === undefined ? Effect.void : Effect.promise(async () => part?.restart()),
      ),
      onEnd: (ended) =>
        Effect.sync(() => {
          end = ended
        }),
    })
    .pipe(
      Stream.runForEachArray((chunks) =>
        Effect.gen(function* () {
          const file = (part ??= yield* openPart)
          yield* fileWork(file.path, asset, () => file.append(chunks))
        }),
      ),
    )
  const whole = part ?? (yield* openPart)
  yield* fileWork(whole.path, asset, () => whole.close())
  const mimeType = start?.mimeType ?? asset.mimeType
  const fileName = getFileName(asset, mimeType, template, options)
  const path = yield* fileWork(folder, asset, () =>
    giveName(whole.path, folder, fileName, { assetId: asset.assetId, memory }),
  )
  const saved: SavedFile = {
    assetId: asset.assetId,
    path,
    bytes: whole.bytes,
    mimeType,
    ...(end?.promisedBytes === undefined ? {} : { promisedBytes: end.promisedBytes }),
  }
  return saved
})

const fileWork = <A>(path: string, asset: Asset, work: () => Promise<A>): Effect.Effect<A, SaveFailed> =>
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
  ["EEXIST", "a file of that name is in the way"],
  ["ENAMETOOLONG", "the path is too long"],
  ["EDQUOT", "the disk quota is used up"],
  ["EISDIR", "it is a folder"],
])
