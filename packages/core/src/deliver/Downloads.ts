import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Asset } from "../api/Asset.ts"
import type { ApiError, DownloadFailed, InvalidInput } from "../errors.ts"
import { CdnHttp } from "../http/CdnHttp.ts"
import { Assets } from "../resolve/Assets.ts"
import { type DownloadOptions, readFile } from "./FileReader.ts"
import { transferSlots } from "./transferSlots.ts"

/** Downloads that transfer bytes at once; the others wait for their turn. One that is not read does not count. */
export const concurrentDownloads = 4

/** Files, streamed: verified, resumed after a cut, renewed after an expired link. */
export class Downloads extends Context.Service<
  Downloads,
  {
    /**
     * The bytes of an asset, or of an asset id. Its length and its first bytes are checked; a cut connection is taken
     * up again where it broke; a link that has expired is renewed. Memory is bounded by the transport's buffers.
     */
    download(
      asset: Asset | string,
      options?: DownloadOptions,
    ): Stream.Stream<Uint8Array, DownloadFailed | ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Downloads") {
  static readonly layer: Layer.Layer<Downloads, never, CdnHttp | Assets> = Layer.effect(
    Downloads,
    Effect.gen(function* () {
      const http = yield* CdnHttp
      const assets = yield* Assets
      const slots = transferSlots(concurrentDownloads)
      return Downloads.of({
        download: (asset, options = {}) =>
          Stream.fromPull(
            Effect.gen(function* () {
              const withinSlot = yield* slots
              return withinSlot(yield* readFile(http, assets, asset, options))
            }),
          ).pipe(
            Stream.scoped,
            Stream.withSpan("Downloads.download", {
              attributes: { "scenario.asset_id": typeof asset === "string" ? asset : asset.assetId },
            }),
          ),
      })
    }),
  )
}
