import {
  Clock,
  Context,
  Duration,
  Effect,
  Exit,
  Layer,
  Predicate,
  Request,
  RequestResolver,
  Result,
} from "effect"
import { type Asset, readAsset } from "../api/Asset.ts"
import { elements } from "../api/lenient.ts"
import { ApiError, AssetsMissing } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import type { FinishedJob } from "../watch/FinishedJob.ts"

/** The API's limit of `POST /assets/get-bulk`. */
const largestBatch = 200

const gatherMsPerAsset = 40
const longestGatherMs = 2_000
const recentMs = 10_000

/** How long assets that are not there yet are waited for, unless told otherwise. */
const defaultResolveTimeout = Duration.minutes(2)

export interface ResolveOptions {
  /** How long assets that are still pending, or not listed yet, are waited for. Default 2 minutes. */
  readonly timeout?: Duration.Input | undefined
}

class GetAsset extends Request.TaggedClass("GetAsset")<{ readonly assetId: string }, Asset, ApiError> {}

/** Assets by their ids, each with a fresh link. Concurrent calls are answered by few requests. */
export class Assets extends Context.Service<
  Assets,
  {
    /** One asset, with a fresh link. `NotFound` where Scenario does not know it. */
    get(assetId: string): Effect.Effect<Asset, ApiError>
    /** The assets of a finished job, in its order; those still pending are waited for. None for a job without any. */
    resolve(
      finished: Pick<FinishedJob, "job" | "assetIds">,
      options?: ResolveOptions,
    ): Effect.Effect<ReadonlyArray<Asset>, AssetsMissing | ApiError>
  }
>()("@scenario-automation/core/Assets") {
  static readonly layer: Layer.Layer<Assets, never, ScenarioHttp> = Layer.effect(
    Assets,
    Effect.gen(function* () {
      const http = yield* ScenarioHttp

      const getOne = (assetId: string) => http.callFor(callForOne(assetId), readAssetAnswer)

      const getMany = Effect.fnUntraced(function* (assetIds: ReadonlyArray<string>) {
        const bulk = yield* Effect.result(http.callFor(callForMany(assetIds), readAssetsAnswer))
        if (Result.isFailure(bulk) && !refusesTheBatch(bulk.failure)) return yield* bulk.failure
        const byId = new Map(
          (Result.isSuccess(bulk) ? bulk.success : []).map((asset) => [asset.assetId, asset]),
        )
        // What the batch leaves out, or a whole batch that one bad id has spoilt, is asked for one by one.
        return yield* Effect.forEach(
          assetIds,
          (assetId) => {
            const asset = byId.get(assetId)
            return asset === undefined ? Effect.exit(getOne(assetId)) : Effect.succeed(Exit.succeed(asset))
          },
          { concurrency: "unbounded" },
        )
      })

      let latestBatchAt = 0
      /** Assets asked for of late: each counts for less as time goes by. */
      let recent = 0

      const noteBatch = (size: number) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          recent = size + recent * Math.exp(Math.min(0, latestBatchAt - now) / recentMs)
          latestBatchAt = now
        })

      /** The more were asked for of late, the longer a batch gathers: a fleet ends by the dozen, a single job at once. */
      const gather = Effect.gen(function* () {
        const pause =
          latestBatchAt +
          Math.min(longestGatherMs, recent * gatherMsPerAsset) -
          (yield* Clock.currentTimeMillis)
        // A place of its own in the event loop at least: what is asked for together is found together.
        if (pause > 0) yield* Effect.sleep(Math.min(pause, longestGatherMs))
        else yield* Effect.yieldNow
      })

      const resolver = RequestResolver.make<GetAsset>((entries) => {
        const sameAsset = [...Map.groupBy(entries, (entry) => entry.request.assetId)]
        const assetIds = sameAsset.map(([assetId]) => assetId)
        const [only, ...others] = assetIds
        const answers =
          only !== undefined && others.length === 0
            ? Effect.map(Effect.exit(getOne(only)), (exit) => [exit])
            : getMany(assetIds)
        return Effect.map(Effect.andThen(noteBatch(assetIds.length), answers), (exits) => {
          sameAsset.forEach(([, same], index) => {
            const exit = exits[index] ?? Exit.die(new Error("an asset was left unanswered"))
            for (const entry of same) entry.completeUnsafe(exit)
          })
        })
      }).pipe(RequestResolver.batchN(largestBatch), RequestResolver.setDelayEffect(gather))

      const get = Effect.fn("Assets.get")((assetId: string) =>
        Effect.request(new GetAsset({ assetId }), resolver),
      )

      /** The asset once it is there; `undefined` where it stays away until the time is up. */
      const arrived = Effect.fnUntraced(function* (assetId: string, deadline: number) {
        for (let delay = firstDelayMs; ; delay = Math.min(delay * 1.5, longestDelayMs)) {
          const got = yield* Effect.result(get(assetId))
          if (Result.isSuccess(got) && got.success.status === "success" && got.success.url !== "")
            return got.success
          if (Result.isSuccess(got) && got.success.status === "error") return undefined
          if (Result.isFailure(got) && got.failure.reason._tag !== "NotFound") return yield* got.failure
          const left = deadline - (yield* Clock.currentTimeMillis)
          if (left <= 0) return undefined
          // A job may be reported finished a moment before its assets are listed; not for long.
          if (Result.isFailure(got) && delay > longestDelayForUnlistedMs) return undefined
          yield* Effect.sleep(Math.min(delay, left))
        }
      })

      const resolve = Effect.fn("Assets.resolve")(function* (
        { job, assetIds }: Pick<FinishedJob, "job" | "assetIds">,
        options?: ResolveOptions,
      ) {
        const timeoutMs = Duration.toMillis(
          Duration.fromInputUnsafe(options?.timeout ?? defaultResolveTimeout),
        )
        const deadline = (yield* Clock.currentTimeMillis) + timeoutMs
        const assets = yield* Effect.forEach(assetIds, (assetId) => arrived(assetId, deadline), {
          concurrency: "unbounded",
        }).pipe(Effect.mapError((error) => withJob(error, job.jobId)))
        const missing = assetIds.filter((_, index) => assets[index] === undefined)
        if (missing.length > 0) return yield* new AssetsMissing({ job, assetIds: missing })
        return elements(assets)
      })

      return Assets.of({ get, resolve })
    }),
  )
}

const firstDelayMs = 1_000
const longestDelayMs = 10_000
/** After delays of 1, 1.5 and 2.25 seconds: some five seconds in all. */
const longestDelayForUnlistedMs = 3_000

const callForOne = (assetId: string): ApiCall => ({
  method: "GET",
  path: `/assets/${encodeURIComponent(assetId)}`,
  purpose: "resolve",
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

const withJob = (error: ApiError, jobId: string): ApiError =>
  new ApiError({ reason: error.reason, request: error.request, requestId: error.requestId, jobId })
