import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Asset } from "../api/Asset.ts"
import type { ApiError, DownloadFailed, InvalidInput } from "../errors.ts"
import { CdnHttp } from "../http/CdnHttp.ts"
import { Assets } from "../resolve/Assets.ts"
import { type DownloadOptions, readFile } from "./FileReader.ts"
import { makeTransferSlots, maxConcurrentDownloads } from "./downloadConcurrency.ts"

/** Downloads files as streams. */
export class Downloads extends Context.Service<
  Downloads,
  {
    /**
     * Streams the file of an asset. Checks its first bytes and its length, resumes after a lost connection, and refreshes an
     * expired link. The transport's buffers limit the memory.
     *
     * @example
     * ```ts
     * const downloads = yield* Downloads
     * yield* Stream.runForEach(downloads.download("asset_1"), (chunk) => Effect.log(`${chunk.length} bytes`))
     * ```
     */
    download(
      asset: Asset | string,
      options?: DownloadOptions,
    ): Stream.Stream<Uint8Array, DownloadFailed | ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Downloads") {
  /** @internal */
  static readonly layer: Layer.Layer<Downloads, never, CdnHttp | Assets> = Layer.effect(
    Downloads,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* CdnHttp
  const assets = yield* Assets
  const slots = makeTransferSlots(maxConcurrentDownloads)
  return Downloads.of({
    download: (asset, options = {}) =>
      Stream.fromPull(
        Effect.gen(function* () {
          const withinSlot = yield* slots
          return withinSlot(yield* readFile(http, assets, asset, options))
        }),
      ).pipe(
        Stream.scoped,
        Stream.withSpan("scenario.download", {
          attributes: { "scenario.asset.id": typeof asset === "string" ? asset : asset.assetId },
        }),
      ),
  })
})
