import { Assets, DownloadFailed, Downloads, fileNameOf, isScenarioError } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import { once } from "node:events"
import { Readable } from "node:stream"
import type { Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { StashFailed } from "../toZapierError.ts"

/**
 * The file of an asset, when a later step asks for it: read again for a link that has not expired, streamed from the CDN
 * through core, which resumes and verifies it, into Zapier's stash.
 */
export const assetFile = (z: ZObject, bundle: Bundle): Promise<string> => {
  const clock = startStepClock(fileLimitMs)
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const assets = yield* Assets
      const downloads = yield* Downloads
      const asset = yield* assets.get(String(bundle.inputData["assetId"])).pipe(withinStep(clock))
      let mimeType = asset.mimeType
      let receivedBytes = 0
      const bytes = downloads.download(asset, {
        stallTimeout: maxSilenceMs,
        onStart: (start) => Effect.sync(() => (mimeType = start.mimeType)),
        onProgress: (received) => (receivedBytes = received),
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
      }).pipe(
        Effect.timeoutOrElse({
          duration: clock.leftMs(),
          orElse: () =>
            Effect.fail(
              readable.readableEnded
                ? new StashFailed({ cause: "it did not take the whole file within the time of a step" })
                : new DownloadFailed({
                    assetId: asset.assetId,
                    reason: `${receivedBytes} bytes had come when the time that Zapier gives a step was up`,
                    receivedBytes,
                    isRetryable: true,
                  }),
            ),
        }),
        Effect.ensuring(Effect.sync(() => readable.destroy())),
      )
    }),
  )
}

/** Longer than that of other steps: nothing is left to be done once the file is through. Zapier's own limit is 30 s. */
const fileLimitMs = 27_500

/** A CDN that is silent is asked again, twice at least. */
const maxSilenceMs = 8_000
