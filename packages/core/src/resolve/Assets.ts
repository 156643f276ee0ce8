import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { anId, aText, isEncodableId, requireAll, type Requirement } from "../account/argument.ts"
import type { Asset } from "../api/Asset.ts"
import { elements } from "../api/readers.ts"
import { ApiError, AssetsMissing, type InvalidInput } from "../errors.ts"
import { type Backoff, getBackoffMs } from "../http/backoff.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { type Deadline, deadlineIn, monotonicMillis } from "../monotonic.ts"
import type { FinishedJob } from "../watch/FinishedJob.ts"
import { gatherAssets } from "./gatherAssets.ts"
import { readOne } from "./readAssets.ts"

export const defaultResolveTimeout = "2 minutes"

export interface ResolveOptions {
  /** How long assets that are still pending, or not listed yet, are waited for. Default 2 minutes. */
  readonly timeout?: Duration.Input | undefined
}

export interface GetAssetOptions {
  /** Whether `url` leads to the file as it was made (`originalAssets`), and not as the CDN transforms it. Default false. */
  readonly original?: boolean | undefined
}

/** A format that Scenario converts to. Open: an unknown one is sent as it is. */
export type AssetFormat = "png" | "jpeg" | "webp" | "avif" | "tiff" | "glb" | "obj" | "fbx" | (string & {})

/** A link to a file, without credentials, for a while. */
export interface AssetLink {
  readonly assetId: string
  readonly url: string
  /** The format that was asked for. */
  readonly format?: AssetFormat | undefined
}

/** Assets by their ids, each with a fresh link. Concurrent calls are answered by few requests. */
export class Assets extends Context.Service<
  Assets,
  {
    /** One asset, by its ID or by itself, with a fresh link. `NotFound` if Scenario does not know it. */
    get(
      asset: string | Pick<Asset, "assetId">,
      options?: GetAssetOptions,
    ): Effect.Effect<Asset, ApiError | InvalidInput>
    /** A fresh link to the file, in another format if one is named. `Rejected` if the asset can't be converted to it. */
    convert(assetId: string, format?: AssetFormat): Effect.Effect<AssetLink, ApiError | InvalidInput>
    /**
     * The assets of a finished job, in its order; those still pending are waited for. None for a job without any. If
     * some are missing, `AssetsMissing` carries the others.
     */
    resolve(
      finished: Pick<FinishedJob, "job" | "assetIds">,
      options?: ResolveOptions,
    ): Effect.Effect<ReadonlyArray<Asset>, AssetsMissing | ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Assets") {
  static readonly layer: Layer.Layer<Assets, never, ScenarioHttp> = Layer.effect(
    Assets,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  const read = gatherAssets(http)

  const get = Effect.fn("Assets.get")(function* (
    asset: string | Pick<Asset, "assetId">,
    { original = false }: GetAssetOptions = {},
  ) {
    const isAsset = typeof asset === "object" && asset !== null
    const assetId = isAsset ? asset.assetId : asset
    // An asset has its ID from the API, a bare ID may be a caller's mistake.
    if (!isAsset || !isEncodableId(assetId)) yield* requireAll(anId("assetId", assetId))
    return yield* original ? readOne(http, assetId, { originalAssets: true }) : read(assetId)
  })

  const convert = Effect.fn("Assets.convert")(function* (assetId: string, named?: AssetFormat) {
    yield* requireAll(anId("assetId", assetId), ...(named === undefined ? [] : [aText("format", named)]))
    const format = named && readFormat(named)
    const url = yield* http.callFor(
      {
        method: "POST",
        path: `/assets/${encodeURIComponent(assetId)}/download`,
        body: format === undefined ? {} : { targetFormat: format },
        purpose: "resolve",
        isRepeatable: true,
      },
      (body) => (Predicate.hasProperty(body, "url") && body.url !== "" ? body.url : undefined),
    )
    const link: AssetLink = { assetId, url: String(url), format }
    return link
  })

  const resolve = Effect.fn("Assets.resolve")(function* (
    { job, assetIds }: Pick<FinishedJob, "job" | "assetIds">,
    options?: ResolveOptions,
  ) {
    yield* requireAll(...assetIds.map((assetId, index) => anyText(`assetIds[${index}]`, assetId)))
    const deadline = yield* deadlineIn(options?.timeout ?? defaultResolveTimeout)
    const arrivals = yield* Effect.forEach(
      assetIds,
      (assetId) =>
        isEncodableId(assetId) ? arrive(read, assetId, deadline) : Effect.succeed(unreadable(assetId)),
      { concurrency: "unbounded" },
    )
    const assets = elements(arrivals.map(({ asset }) => asset))
    if (assets.length === assetIds.length) return assets
    const missing = arrivals.filter(({ asset }) => asset === undefined)
    const trouble = missing.find(({ error }) => error !== undefined)?.error
    // With nothing to hand over, the API's own word says more.
    if (assets.length === 0 && trouble !== undefined) return yield* withJob(trouble, job.jobId)
    return yield* new AssetsMissing({
      job,
      assetIds: missing.map(({ assetId }) => assetId),
      assets,
      reasons: [...new Set(elements(missing.map(({ reason }) => reason)))],
      isRetryable: missing.some(({ canCome }) => canCome === true),
    })
  })

  return Assets.of({ get, convert, resolve })
})

/** As people write formats: `.PNG`, `jpg`. */
const readFormat = (named: string): AssetFormat => {
  const format = named.trim().toLowerCase().replace(/^\./, "")
  return format === "jpg" ? "jpeg" : format
}

/** How the wait for one asset has ended. */
interface Arrival {
  readonly assetId: string
  readonly asset?: Asset
  /** Why it is missing. */
  readonly reason?: string
  /** Whether it can be there later. */
  readonly canCome?: boolean
  /** The API's failure, unless it only said that there is no such asset. */
  readonly error?: ApiError
}

/** The IDs are the API's: an odd one is missing, and is no reason to lose the others. */
const anyText = (path: string, value: unknown): Requirement => [
  path,
  value,
  "the ID of an asset",
  typeof value === "string",
]

const unreadable = (assetId: string): Arrival => ({
  assetId,
  reason: "its ID can't be part of a request",
  canCome: false,
})

/** Waits for one asset until the deadline. */
const arrive = Effect.fnUntraced(function* (
  read: (assetId: string) => Effect.Effect<Asset, ApiError>,
  assetId: string,
  deadline: Deadline,
) {
  for (let reads = 1; ; reads++) {
    const delay = getBackoffMs(pendingBackoff, reads)
    const left = deadline - (yield* monotonicMillis)
    const got = yield* Effect.result(within(read(assetId), assetId, Math.max(left, minReadMs)))
    const arrival = readArrival(assetId, got)
    const leftToWait = deadline - (yield* monotonicMillis)
    if (arrival.asset !== undefined || arrival.canCome !== true || arrival.error !== undefined) return arrival
    // A job may be reported finished a moment before its assets are listed; not for long.
    if (Result.isFailure(got) && delay > maxDelayForUnlistedMs) return { ...arrival, canCome: false }
    if (leftToWait <= 0) return arrival
    yield* Effect.sleep(Math.ceil(Math.min(delay, leftToWait)))
  }
})

const readArrival = (assetId: string, got: Result.Result<Asset, ApiError>): Arrival => {
  if (Result.isFailure(got)) {
    const error = got.failure
    return error.reason._tag === "NotFound"
      ? { assetId, reason: "not known to Scenario", canCome: true }
      : { assetId, reason: error.reason.detail, canCome: error.isRetryable, error }
  }
  const asset = got.success
  if (asset.status === "success" && asset.url !== "") return { assetId, asset }
  if (asset.status === "error") return { assetId, reason: "Scenario could not make it", canCome: false }
  return { assetId, reason: "still pending", canCome: true }
}

const within = (read: Effect.Effect<Asset, ApiError>, assetId: string, duration: number) =>
  duration === Infinity
    ? read
    : Effect.timeoutOrElse(read, {
        duration,
        orElse: () =>
          Effect.fail(
            new ApiError({
              reason: {
                _tag: "Unreachable",
                detail: "no answer came in the time that was given",
                neverSent: false,
              },
              request: `GET /assets/${assetId}`,
            }),
          ),
      })

/** Even a resolve without patience reads each asset once. Milliseconds. */
const minReadMs = 5_000

const pendingBackoff: Backoff = { firstMs: 1_000, maxMs: 10_000, factor: 1.5 }
/** After delays of 1, 1.5 and 2.25 seconds: some five seconds in all. */
const maxDelayForUnlistedMs = 3_000

const withJob = (error: ApiError, jobId: string): ApiError =>
  new ApiError({ reason: error.reason, request: error.request, requestId: error.requestId, jobId })
