import {
  type Asset,
  DownloadFailed,
  type DownloadOptions,
  Downloads,
  isScenarioError,
} from "@scenario-automation/core"
import { getFileName } from "@scenario-automation/core/host"
import type { NamingContext } from "@scenario-automation/core/node"
import { Effect, Stream } from "effect"
import type { IBinaryData, IExecuteFunctions } from "n8n-workflow"
import { toReadable } from "./nodeReadable.ts"

export interface FileOptions extends NamingContext, Pick<DownloadOptions, "rendition"> {
  readonly nameTemplate?: string | undefined
}

/** Streams an asset's verified file into n8n's storage. */
export const storeFile = Effect.fn("storeFile")(function* (
  host: IExecuteFunctions,
  asset: Asset,
  { nameTemplate, rendition, ...context }: FileOptions,
) {
  const downloads = yield* Downloads
  let mimeType = asset.mimeType
  const chunks = yield* Stream.toAsyncIterableEffect(
    downloads.download(asset, {
      rendition,
      onStart: (start) =>
        Effect.sync(() => {
          mimeType = start.mimeType
        }),
    }),
  )
  return yield* Effect.tryPromise({
    try: async (signal): Promise<IBinaryData> => {
      const iterator = chunks[Symbol.asyncIterator]()
      // The first bytes decide the type, and only after a download is n8n's stream class known.
      const first = await iterator.next()
      const whole = resumeIteration(first, iterator)
      const content = toReadable(whole) ?? (await toBuffer(whole))
      if (!Buffer.isBuffer(content)) onAbort(signal, () => content.destroy())
      return host.helpers.prepareBinaryData(
        content,
        getFileName(asset, mimeType, nameTemplate, context),
        mimeType,
      )
    },
    catch: (cause) =>
      isScenarioError(cause)
        ? cause
        : new DownloadFailed({
            assetId: asset.assetId,
            reason: `n8n could not store it (${cause instanceof Error ? cause.message : String(cause)})`,
            receivedBytes: 0,
            isRetryable: false,
          }),
  })
})

const onAbort = (signal: AbortSignal, stop: () => void): void => {
  if (signal.aborted) stop()
  else signal.addEventListener("abort", stop, { once: true })
}

const toBuffer = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

async function* resumeIteration(
  first: IteratorResult<Uint8Array>,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let step = first; step.done !== true; step = await iterator.next()) yield step.value
  } finally {
    await iterator.return?.()
  }
}
