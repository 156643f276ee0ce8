import type { Asset } from "@scenario-automation/core"
import { type Delivery, getWarning } from "../Delivery.ts"
import { formatBytes } from "../display/quantities.ts"
import { formatOutput } from "./formatOutput.ts"
import { formatTable } from "./formatTable.ts"

/** A row for each file, or the text that the generation made. */
export const formatDelivery = (delivery: Delivery): ReadonlyArray<string> => {
  const { assets, output } = delivery
  const warning = getWarning(delivery)
  return [
    ...formatTable(
      assets.map(({ asset, file }) => [file.path, file.mimeType, formatSize(asset), formatBytes(file.bytes)]),
    ),
    // A language model's answer is an asset, and the API includes its text if it is short.
    ...assets.flatMap(({ asset }) => (asset.text === undefined ? [] : [asset.text])),
    ...(output === undefined ? [] : formatOutput(output)),
    ...(warning === undefined ? [] : [`Scenario says: ${warning}`]),
  ]
}

/** `1024×768` of an image, `12 s` of a video. */
export const formatSize = ({ width, height, duration }: Asset): string =>
  width !== undefined && height !== undefined
    ? `${width}×${height}`
    : duration === undefined
      ? ""
      : `${duration} s`
