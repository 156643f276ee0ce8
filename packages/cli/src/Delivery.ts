import type { Asset, Generated } from "@scenario-automation/core"
import type { SavedFile } from "@scenario-automation/core/node"
import { toAssetJson } from "./json/toAssetJson.ts"
import { toJobJson } from "./json/toJobJson.ts"

/** An asset with its saved file. */
export interface DeliveredAsset {
  readonly asset: Asset
  readonly file: SavedFile
}

/** A successful generation with its saved files. */
export interface Delivery extends Omit<Generated, "assets"> {
  readonly assets: ReadonlyArray<DeliveredAsset>
}

/** The message that Scenario may add to a success. */
export const getWarning = ({ snapshot }: Delivery): string | undefined => snapshot?.error

/** `{ job, assets, primaryAssetId, output, cost, … }`, as `--json` prints it. */
export const toDeliveryJson = (delivery: Delivery): Readonly<Record<string, unknown>> => ({
  job: toJobJson(delivery.job, delivery.snapshot, {
    status: delivery.snapshot?.status ?? "success",
    cost: delivery.snapshot?.cost ?? delivery.cost,
  }),
  assets: delivery.assets.map(({ asset, file }) => toAssetJson(asset, file)),
  primaryAssetId: delivery.primary?.assetId,
  output: delivery.output,
  cost: delivery.cost,
  ipDetection: delivery.ipDetection,
  warning: getWarning(delivery),
})
