import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { type Asset, readAsset } from "../api/Asset.ts"
import { elements } from "../api/readers.ts"
import type { ApiError } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"

type AssetExit = Exit.Exit<Asset, ApiError>

/**
 * Refused batches without an accepted one, after which it is not an asset that spoils them: the others are then read one by
 * one.
 */
const maxRefusals = 8

/** Assets left out of a batch that are read one by one; more of them are asked for together once more. */
const maxSingles = 8

/** One asset, by the documented endpoint. */
export const readOne = (
  http: ScenarioHttp["Service"],
  assetId: string,
  query: NonNullable<ApiCall["query"]> = {},
): Effect.Effect<Asset, ApiError> =>
  http.callFor(
    { method: "GET", path: `/assets/${encodeURIComponent(assetId)}`, query, purpose: "resolve" },
    readAssetAnswer,
  )

/**
 * Several assets, in the given order. One id that the API refuses spoils a whole batch: it is found by halving, so that it
 * costs some 2 log n requests and not n.
 */
export const readMany = Effect.fnUntraced(function* (
  http: ScenarioHttp["Service"],
  assetIds: ReadonlyArray<string>,
) {
  const exits = new Map<string, AssetExit>()
  let refusals = 0
  let hasAccepted = false

  const readSingles = (ids: ReadonlyArray<string>) =>
    Effect.forEach(
      ids,
      (assetId) => Effect.map(Effect.exit(readOne(http, assetId)), (exit) => exits.set(assetId, exit)),
      { concurrency: "unbounded", discard: true },
    )

  const readBatch = (ids: ReadonlyArray<string>, isRepeated = false): Effect.Effect<void, ApiError> =>
    Effect.gen(function* () {
      const isSpoilt = !hasAccepted && refusals >= maxRefusals
      if (ids.length <= 1 || isSpoilt) return yield* readSingles(ids)
      const bulk = yield* Effect.result(http.callFor(callForMany(ids), readAssetsAnswer))
      if (Result.isFailure(bulk)) {
        if (!refusesTheBatch(bulk.failure)) return yield* bulk.failure
        refusals += 1
        const middle = Math.ceil(ids.length / 2)
        yield* readBatch(ids.slice(0, middle))
        return yield* readBatch(ids.slice(middle))
      }
      hasAccepted = true
      for (const asset of bulk.success) exits.set(asset.assetId, Exit.succeed(asset))
      const leftOut = ids.filter((assetId) => !exits.has(assetId))
      yield* leftOut.length <= maxSingles || isRepeated ? readSingles(leftOut) : readBatch(leftOut, true)
    })

  yield* readBatch(assetIds)
  return assetIds.map(
    (assetId): AssetExit => exits.get(assetId) ?? Exit.die(new Error("an asset was left unanswered")),
  )
})

const callForMany = (assetIds: ReadonlyArray<string>): ApiCall => ({
  method: "POST",
  path: "/assets/get-bulk",
  body: { assetIds },
  purpose: "resolve",
  isRepeatable: true,
})

const refusesTheBatch = ({ reason }: ApiError): boolean =>
  ["Rejected", "NotFound", "Forbidden"].includes(reason._tag)

const readAssetAnswer = (body: unknown): Asset | undefined =>
  Predicate.isObject(body) && "asset" in body ? readAsset(body.asset) : readAsset(body)

const readAssetsAnswer = (body: unknown): ReadonlyArray<Asset> | undefined =>
  Predicate.isObject(body) && "assets" in body && Array.isArray(body.assets)
    ? elements(body.assets.map(readAsset))
    : undefined
