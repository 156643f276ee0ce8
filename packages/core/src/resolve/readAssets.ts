import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { type Asset, readAsset } from "../api/Asset.ts"
import { compact } from "../api/readers.ts"
import type { ApiError } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"

export const readOne = (
  http: ScenarioHttp["Service"],
  assetId: string,
  query: NonNullable<ApiCall["query"]> = {},
): Effect.Effect<Asset, ApiError> =>
  http.callFor(
    { method: "GET", path: `/assets/${encodeURIComponent(assetId)}`, query, purpose: "resolve" },
    readAssetBody,
  )

/**
 * Reads several assets, in the given order. The API rejects a whole batch for one bad ID. Halving the batch finds that ID
 * with about 2 log n requests instead of n.
 */
export const readMany = Effect.fnUntraced(function* (
  http: ScenarioHttp["Service"],
  assetIds: ReadonlyArray<string>,
) {
  const exits = new Map<string, AssetExit>()
  let rejections = 0
  let hasAccepted = false

  const readSingles = (ids: ReadonlyArray<string>) =>
    Effect.forEach(
      ids,
      (assetId) => Effect.map(Effect.exit(readOne(http, assetId)), (exit) => exits.set(assetId, exit)),
      { concurrency: "unbounded", discard: true },
    )

  const readBatch = (ids: ReadonlyArray<string>, isRepeated = false): Effect.Effect<void, ApiError> =>
    Effect.gen(function* () {
      const isUseless = !hasAccepted && rejections >= maxRejections
      if (ids.length <= 1 || isUseless) return yield* readSingles(ids)
      const bulk = yield* Effect.result(http.callFor(toBulkCall(ids), readAssetsBody))
      if (Result.isFailure(bulk)) {
        if (!isRejection(bulk.failure)) return yield* bulk.failure
        rejections += 1
        const middle = Math.ceil(ids.length / 2)
        yield* readBatch(ids.slice(0, middle))
        return yield* readBatch(ids.slice(middle))
      }
      hasAccepted = true
      for (const asset of bulk.success) exits.set(asset.assetId, Exit.succeed(asset))
      const missing = ids.filter((assetId) => !exits.has(assetId))
      yield* missing.length <= maxSingles || isRepeated ? readSingles(missing) : readBatch(missing, true)
    })

  yield* readBatch(assetIds)
  return assetIds.map(
    (assetId): AssetExit => exits.get(assetId) ?? Exit.die(new Error("an asset was not read")),
  )
})

type AssetExit = Exit.Exit<Asset, ApiError>

/** After this many rejected batches and no accepted one, the IDs aren't the reason. The rest is read one by one. */
const maxRejections = 8

/** At most this many assets that a batch lacks are read one by one. More are read as a batch again. */
const maxSingles = 8

const toBulkCall = (assetIds: ReadonlyArray<string>): ApiCall => ({
  method: "POST",
  path: "/assets/get-bulk",
  body: { assetIds },
  purpose: "resolve",
  isRepeatable: true,
})

const isRejection = ({ reason }: ApiError): boolean =>
  ["Rejected", "NotFound", "Forbidden"].includes(reason._tag)

const readAssetBody = (body: unknown): Asset | undefined =>
  Predicate.isObject(body) && "asset" in body ? readAsset(body.asset) : readAsset(body)

const readAssetsBody = (body: unknown): ReadonlyArray<Asset> | undefined =>
  Predicate.isObject(body) && "assets" in body && Array.isArray(body.assets)
    ? compact(body.assets.map(readAsset))
    : undefined
