import type { Asset, Generated } from "@scenario-automation/core"
import { maxConcurrentDownloads } from "@scenario-automation/core/host"
import { Effect } from "effect"
import type { IBinaryData, IBinaryKeyData, IDataObject } from "n8n-workflow"
import type { Item } from "../Item.ts"
import type { ItemResult } from "../Operation.ts"
import { isRecord, toText } from "../values.ts"
import { assetWriter, toGeneratedJson, toPlainJson } from "./toJson.ts"
import { nameBinaryFields } from "./nameBinaryFields.ts"
import { storeFile } from "./storeFile.ts"

/**
 * The items of a finished generation: one for the job, or one for each asset. `inputs` fill the fields of file names.
 */
export const toGeneratedItems = Effect.fn("toGeneratedItems")(function* (
  item: Item,
  generated: Generated,
  inputs: unknown,
) {
  const job = toGeneratedJson(generated)
  const output = generated.output === undefined ? {} : toPlainJson(generated.output)
  const files = item.wantsFiles ? yield* storeFiles(item, generated, inputs) : []
  const write = yield* assetWriter
  const assets = generated.assets.map((asset, index) => addFileName(write(asset), files[index]))
  const stem = item.options.binaryField ?? "data"
  if (item.options.output !== "file" || assets.length === 0) {
    const names = nameBinaryFields(stem, generated.assets, generated.primary)
    const whole: ItemResult = {
      json: {
        ...job,
        ...output,
        ...(assets.length === 0
          ? {}
          : {
              // The default of Asset ID in other operations is this field.
              assetId: (generated.primary ?? generated.assets[0])?.assetId ?? null,
              assets: assets.map((asset, index) =>
                files[index] ? { ...asset, binaryField: names[index] } : asset,
              ),
            }),
      },
      binary: keyByName(names, files),
    }
    return [whole]
  }
  return assets.map((asset, index): ItemResult => {
    const file = files[index]
    return {
      json: { ...asset, index: index + 1, ofAssets: assets.length, job },
      binary: file === undefined ? undefined : { [stem]: file },
    }
  })
})

const storeFiles = (item: Item, generated: Generated, inputs: unknown) =>
  Effect.forEach(
    generated.assets,
    (asset, index) =>
      storeFile(item.host, addInputs(asset, generated, inputs), {
        jobId: generated.job.jobId,
        index: index + 1,
        nameTemplate: item.options.fileName,
        rendition: item.options.rendition,
      }),
    { concurrency: maxConcurrentDownloads },
  )

/** Assets don't always repeat their prompt, model, or seed. */
const addInputs = (asset: Asset, { job, seed, snapshot }: Generated, inputs: unknown): Asset => {
  const given: Readonly<Record<string, unknown>> = { ...snapshot?.input, ...(isRecord(inputs) ? inputs : {}) }
  return {
    ...asset,
    prompt: asset.prompt ?? toText(given["prompt"]) ?? toText(given["text"]),
    modelId: asset.modelId ?? job.modelId ?? toText(given["modelId"]),
    seed: asset.seed ?? toText(given["seed"]) ?? (seed === undefined ? undefined : String(seed)),
  }
}

const addFileName = (asset: IDataObject, file: IBinaryData | undefined): IDataObject =>
  file === undefined ? asset : { ...asset, fileName: file.fileName }

const keyByName = (
  names: ReadonlyArray<string>,
  files: ReadonlyArray<IBinaryData>,
): IBinaryKeyData | undefined =>
  files.length === 0
    ? undefined
    : Object.fromEntries(files.map((file, index): [string, IBinaryData] => [names[index] ?? "data", file]))
