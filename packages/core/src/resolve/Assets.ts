import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { isEncodableId } from "../api/ids.ts"
import { type Checked, checkId, checkText, checkValue, requireAll } from "../checkArguments.ts"
import type { Asset } from "../api/Asset.ts"
import { compact } from "../api/readers.ts"
import { ApiError, AssetsMissing, type InvalidInput } from "../errors.ts"
import { defaultResolveTimeout } from "../defaults.ts"
import { type Backoff, getBackoffMs } from "../http/backoff.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { annotateSpan } from "../tracing.ts"
import { type Deadline, deadlineIn, monotonicMillis } from "../utils/monotonic.ts"
import type { FinishedJob } from "../FinishedJob.ts"
import { batchReads } from "./batchReads.ts"
import { readOne } from "./readAssets.ts"

export interface ResolveOptions {
  /** How long to wait for assets that are pending or not listed yet. Default 2 minutes. A number is in milliseconds. */
  readonly timeout?: Duration.Input | undefined
}

export interface GetAssetOptions {
  /** Whether `url` leads to the original file instead of the one that the CDN transforms. Default false. */
  readonly original?: boolean | undefined
}

/** A format that Scenario converts to. Other formats are sent unchanged. */
export type AssetFormat = "png" | "jpeg" | "webp" | "avif" | "tiff" | "glb" | "obj" | "fbx" | (string & {})

/** A temporary link to a file. It works without credentials. */
export interface AssetLink {
  readonly assetId: string
  readonly url: string
  readonly format?: AssetFormat | undefined
}

/** Gets assets by ID, each with a fresh link. Concurrent calls share a few requests. */
export class Assets extends Context.Service<
  Assets,
  {
    /** Gets an asset with a fresh link. Fails as `NotFound` if Scenario doesn't know it. */
    get(
      asset: string | Pick<Asset, "assetId">,
      options?: GetAssetOptions,
    ): Effect.Effect<Asset, ApiError | InvalidInput>
    /** Gets a fresh link to the file, optionally in another format. Fails as `Rejected` if it can't be converted to that. */
    convert(assetId: string, format?: AssetFormat): Effect.Effect<AssetLink, ApiError | InvalidInput>
    /**
     * Gets the assets of a finished job in the job's order, and waits for those that are pending. If some are missing,
     * `AssetsMissing` carries the others.
     *
     * @example
     * ```ts
     * const finished = yield* (yield* Jobs).waitFor("job_1")
     * const assets = yield* (yield* Assets).resolve(finished)
     * ```
     */
    resolve(
      finished: Pick<FinishedJob, "job" | "assetIds">,
      options?: ResolveOptions,
    ): Effect.Effect<ReadonlyArray<Asset>, AssetsMissing | ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Assets") {
  /** @internal */
  static readonly layer: Layer.Layer<Assets, never, ScenarioHttp> = Layer.effect(
    Assets,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  const read = batchReads(http)

  const get = Effect.fn("scenario.assets.get")(function* (
    asset: string | Pick<Asset, "assetId">,
    { original = false }: GetAssetOptions = {},
  ) {
    const isAsset = typeof asset === "object" && asset !== null
    const assetId = isAsset ? asset.assetId : asset
    // The ID of an asset comes from the API. A bare ID may be a caller's mistake.
    if (!isAsset || !isEncodableId(assetId)) yield* requireAll(checkId("assetId", assetId))
    return yield* original ? readOne(http, assetId, { originalAssets: true }) : read(assetId)
  })

  const convert = Effect.fn("scenario.assets.convert")(function* (assetId: string, wanted?: AssetFormat) {
    yield* requireAll(
      checkId("assetId", assetId),
      wanted === undefined ? undefined : checkText("format", wanted),
    )
    const format = wanted && normalizeFormat(wanted)
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

  const resolve = Effect.fn("scenario.resolve")(function* (
    { job, assetIds }: Pick<FinishedJob, "job" | "assetIds">,
    options?: ResolveOptions,
  ) {
    yield* annotateSpan({ "scenario.job.id": job.jobId, "scenario.asset.count": assetIds.length })
    yield* requireAll(...assetIds.map((assetId, index) => checkAnyText(`assetIds[${index}]`, assetId)))
    const deadline = yield* deadlineIn(options?.timeout ?? defaultResolveTimeout)
    const results = yield* Effect.forEach(
      assetIds,
      (assetId) =>
        isEncodableId(assetId) ? waitForAsset(read, assetId, deadline) : Effect.succeed(toInvalidId(assetId)),
      { concurrency: "unbounded" },
    )
    const assets = compact(results.map(({ asset }) => asset))
    if (assets.length === assetIds.length) return assets
    const missing = results.filter(({ asset }) => asset === undefined)
    const error = missing.find(({ error }) => error !== undefined)?.error
    // Without any asset, the API's own error says more.
    if (assets.length === 0 && error !== undefined) return yield* withJob(error, job.jobId)
    return yield* new AssetsMissing({
      job,
      assetIds: missing.map(({ assetId }) => assetId),
      assets,
      reasons: [...new Set(compact(missing.map(({ reason }) => reason)))],
      isRetryable: missing.some(({ canAppear }) => canAppear === true),
    })
  })

  return Assets.of({ get, convert, resolve })
})

/** Accepts `.PNG` and `jpg`. */
const normalizeFormat = (wanted: string): AssetFormat => {
  const format = wanted.trim().toLowerCase().replace(/^\./, "")
  return format === "jpg" ? "jpeg" : format
}

/** The result of waiting for one asset. */
interface ResolvedAsset {
  readonly assetId: string
  readonly asset?: Asset
  /** Why it is missing. */
  readonly reason?: string
  /** Whether it can appear later. */
  readonly canAppear?: boolean
  /** The API's error, unless it is only `NotFound`. */
  readonly error?: ApiError
}

/** The IDs come from the API. One that is unusable counts as missing, so that the others aren't lost. */
const checkAnyText = (path: string, value: unknown): Checked =>
  checkValue(path, value, "the ID of an asset", typeof value === "string")

const toInvalidId = (assetId: string): ResolvedAsset => ({
  assetId,
  reason: "its ID can't be part of a request",
  canAppear: false,
})

const waitForAsset = Effect.fnUntraced(function* (
  read: (assetId: string) => Effect.Effect<Asset, ApiError>,
  assetId: string,
  deadline: Deadline,
) {
  for (let reads = 1; ; reads++) {
    const delay = getBackoffMs(pendingBackoff, reads)
    const readTimeoutMs = Math.max(deadline - (yield* monotonicMillis), minReadMs)
    const got = yield* Effect.result(withTimeout(read(assetId), assetId, readTimeoutMs))
    const result = toResolved(assetId, got)
    const leftMs = deadline - (yield* monotonicMillis)
    if (result.asset !== undefined || result.canAppear !== true || result.error !== undefined) return result
    // A job may finish a moment before its assets are listed.
    if (Result.isFailure(got) && delay > maxDelayForUnlistedMs) return { ...result, canAppear: false }
    if (leftMs <= 0) return result
    yield* Effect.sleep(Math.ceil(Math.min(delay, leftMs)))
  }
})

const toResolved = (assetId: string, got: Result.Result<Asset, ApiError>): ResolvedAsset => {
  if (Result.isFailure(got)) {
    const error = got.failure
    return error.reason._tag === "NotFound"
      ? { assetId, reason: "not known to Scenario", canAppear: true }
      : { assetId, reason: error.reason.detail, canAppear: error.isRetryable, error }
  }
  const asset = got.success
  if (asset.status === "success" && asset.url !== "") return { assetId, asset }
  if (asset.status === "error") return { assetId, reason: "Scenario could not create it", canAppear: false }
  return { assetId, reason: "still pending", canAppear: true }
}

const withTimeout = (read: Effect.Effect<Asset, ApiError>, assetId: string, duration: number) =>
  duration === Infinity
    ? read
    : Effect.timeoutOrElse(read, {
        duration,
        orElse: () =>
          Effect.fail(
            new ApiError({
              reason: {
                _tag: "Unreachable",
                detail: "no response came before the timeout",
                neverSent: false,
              },
              request: `GET /assets/${assetId}`,
            }),
          ),
      })

/** Even a resolve with a timeout of 0 reads each asset once. Milliseconds. */
const minReadMs = 5_000

const pendingBackoff: Backoff = { firstMs: 1_000, maxMs: 10_000, factor: 1.5 }
/** Reached after delays of 1, 1.5, and 2.25 seconds: about five seconds in total. */
const maxDelayForUnlistedMs = 3_000

const withJob = (error: ApiError, jobId: string): ApiError =>
  new ApiError({ reason: error.reason, request: error.request, requestId: error.requestId, jobId })
