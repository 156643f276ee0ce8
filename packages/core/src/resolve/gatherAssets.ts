import { Effect, Exit, Request, RequestResolver } from "effect"
import type { Asset } from "../api/Asset.ts"
import type { ApiError } from "../errors.ts"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { monotonicMillis } from "../monotonic.ts"
import { readMany, readOne } from "./readAssets.ts"

/** The API's limit of `POST /assets/get-bulk`. */
const maxBatch = 200

const gatherMsPerAsset = 40
const maxGatherMs = 2_000
const recentMs = 10_000

class GetAsset extends Request.TaggedClass("GetAsset")<{ readonly assetId: string }, Asset, ApiError> {}

/** Reads single assets, which concurrent callers ask for, by few requests. */
export const gatherAssets = (
  http: ScenarioHttp["Service"],
): ((assetId: string) => Effect.Effect<Asset, ApiError>) => {
  let latestBatchAt = 0
  /** Assets asked for of late: each counts for less as time goes by. */
  let recent = 0

  const noteBatch = (size: number) =>
    Effect.map(monotonicMillis, (now) => {
      recent = size + recent * Math.exp(Math.min(0, latestBatchAt - now) / recentMs)
      latestBatchAt = now
    })

  /** The more were asked for of late, the longer a batch gathers: a fleet ends by the dozen, a single job at once. */
  const gather = Effect.gen(function* () {
    const pause = latestBatchAt + Math.min(maxGatherMs, recent * gatherMsPerAsset) - (yield* monotonicMillis)
    // At least one turn of the event loop: what is asked for together is found together.
    if (pause > 0) yield* Effect.sleep(Math.min(Math.ceil(pause), maxGatherMs))
    else yield* Effect.yieldNow
  })

  const resolver = RequestResolver.make<GetAsset>((entries) => {
    const sameAsset = [...Map.groupBy(entries, (entry) => entry.request.assetId)]
    const assetIds = sameAsset.map(([assetId]) => assetId)
    const [only, ...others] = assetIds
    const answers =
      only !== undefined && others.length === 0
        ? Effect.map(Effect.exit(readOne(http, only)), (exit) => [exit])
        : readMany(http, assetIds)
    return Effect.map(Effect.andThen(noteBatch(assetIds.length), answers), (exits) => {
      sameAsset.forEach(([, same], index) => {
        const exit = exits[index] ?? Exit.die(new Error("an asset was left unanswered"))
        for (const entry of same) entry.completeUnsafe(exit)
      })
    })
  }).pipe(RequestResolver.batchN(maxBatch), RequestResolver.setDelayEffect(gather))

  return (assetId) => Effect.request(new GetAsset({ assetId }), resolver)
}
