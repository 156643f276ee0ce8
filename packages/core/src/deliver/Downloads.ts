import { Context, Effect, Layer, Semaphore, Stream } from "effect"
import type { Asset } from "../api/Asset.ts"
import type { ApiError, DownloadFailed } from "../errors.ts"
import { CdnHttp } from "../http/CdnHttp.ts"
import { Assets } from "../resolve/Assets.ts"
import { type DownloadOptions, readFile } from "./FileReader.ts"

/** Downloads that run at once; the others wait for their turn. */
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
    ): Stream.Stream<Uint8Array, DownloadFailed | ApiError>
  }
>()("@scenario-automation/core/Downloads") {
  static readonly layer: Layer.Layer<Downloads, never, CdnHttp | Assets> = Layer.effect(
    Downloads,
    Effect.gen(function* () {
      const http = yield* CdnHttp
      const assets = yield* Assets
      const turns = Semaphore.makeUnsafe(concurrentDownloads)
      const turn = Effect.acquireRelease(turns.take(1), () => turns.release(1), { interruptible: true })
      return Downloads.of({
        download: (asset, options = {}) =>
          Stream.fromPull(Effect.andThen(turn, readFile(http, assets, asset, options))).pipe(
            Stream.scoped,
            Stream.withSpan("Downloads.download", {
              attributes: { "scenario.asset_id": typeof asset === "string" ? asset : asset.assetId },
            }),
          ),
      })
    }),
  )
}
