import { Assets, Downloads, fileNameOf, isScenarioError } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import { once } from "node:events"
import { Readable } from "node:stream"
import type { Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { StashFailed } from "../toZapierError.ts"

/**
 * The file of an asset, when a later step asks for it: read again for a link that has not expired, streamed from the CDN
 * through core, which resumes and verifies it, into Zapier's stash.
 */
export const assetFile = (z: ZObject, bundle: Bundle): Promise<string> =>
  runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const assets = yield* Assets
      const downloads = yield* Downloads
      const asset = yield* assets.asset(String(bundle.inputData["assetId"]))
      let mimeType = asset.mimeType
      const bytes = downloads.download(asset, {
        onStart: (start) => Effect.sync(() => (mimeType = start.mimeType)),
      })
      const readable = Readable.from(yield* Stream.toAsyncIterableEffect(bytes))
      return yield* Effect.tryPromise({
        try: async () => {
          // The file's own first bytes tell its type, and so its name.
          await once(readable, "readable")
          // Typed as a text; it is a promise of one.
          return Promise.resolve(z.stashFile(readable, undefined, fileNameOf(asset, mimeType), mimeType))
        },
        catch: (cause) => (isScenarioError(cause) ? cause : new StashFailed({ cause })),
      })
    }),
  )
