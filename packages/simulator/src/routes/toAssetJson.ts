import type { Exchange } from "../http/Exchange.ts"
import type { JsonObject } from "../json.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"

/** The asset as the API returns it for this request. */
export const toAssetJson = (exchange: Exchange, asset: AssetRecord): JsonObject =>
  exchange.world.assets.toJson(
    asset,
    exchange.isOn("originalAssets"),
    exchange.getFault("pending-asset") !== undefined,
  )
