import type { Asset } from "@scenario-automation/core"
import { type Delivery, getWarning } from "../Delivery.ts"
import { bytesText } from "../display/quantities.ts"
import { outputText } from "./outputText.ts"
import { table } from "./table.ts"

/** What came of a generation, for people: a row for each file, or the text that it made. */
export const deliveryText = (delivery: Delivery): ReadonlyArray<string> => {
  const { assets, output } = delivery
  const warning = getWarning(delivery)
  return [
    ...table(
      assets.map(({ asset, file }) => [file.path, file.mimeType, sizeText(asset), bytesText(file.bytes)]),
    ),
    // What a language model has written is an asset too, whose text the API gives if it is short.
    ...assets.flatMap(({ asset }) => (asset.text === undefined ? [] : [asset.text])),
    ...(output === undefined ? [] : outputText(output)),
    ...(warning === undefined ? [] : [`Scenario says: ${warning}`]),
  ]
}

/** `1024×768` of a picture, `12 s` of a film. */
export const sizeText = ({ width, height, duration }: Asset): string =>
  width !== undefined && height !== undefined
    ? `${width}×${height}`
    : duration === undefined
      ? ""
      : `${duration} s`
