import { Assets, DownloadFailed, Downloads, isScenarioError } from "@scenario-automation/core"
import { getFileName } from "@scenario-automation/core/host"
import { Effect, Stream } from "effect"
import { once } from "node:events"
import { Readable } from "node:stream"
import type { Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { StashFailed } from "../StepError.ts"

/**
 * Stores an asset's file with Zapier when a later step uses it. The asset is read again for a fresh link, and core resumes and
 * verifies the download.
 */
export const assetFile = (z: ZObject, bundle: Bundle): Promise<string> => {
  const budget = startStepBudget(fileLimitMs)
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const assets = yield* Assets
      const downloads = yield* Downloads
      const asset = yield* assets.get(String(bundle.inputData["assetId"])).pipe(withinStep(budget))
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
          // The type, and so the file name, comes from the first bytes.
          await once(readable, "readable")
          // The typings say `string`, but it is a promise.
          return Promise.resolve(z.stashFile(readable, undefined, getFileName(asset, mimeType), mimeType))
        },
        catch: (cause) => (isScenarioError(cause) ? cause : new StashFailed({ cause })),
      }).pipe(
        Effect.timeoutOrElse({
          duration: budget.leftMs(),
          orElse: () =>
            Effect.fail(
              readable.readableEnded
                ? new StashFailed({ cause: "it didn't take the whole file within the time of a step" })
                : new DownloadFailed({
                    assetId: asset.assetId,
                    reason: `${receivedBytes} bytes had arrived when the time that Zapier gives a step was up`,
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

/** Longer than in other steps, because nothing follows the download. Zapier's own limit is 30 s. */
const fileLimitMs = 27_500

/** Leaves time for at least two more attempts. */
const maxSilenceMs = 8_000
