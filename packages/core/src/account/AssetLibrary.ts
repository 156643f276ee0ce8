import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { maxDeletedAssets } from "../api/limits.ts"
import { type Asset, readAsset } from "../api/Asset.ts"
import type { Page } from "../api/Page.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { getPage, type PageOptions, streamList } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkId, checkIds, checkPageSize, checkTexts, requireAll } from "../checkArguments.ts"
import { checkDates, type DateFilters, toDateQuery } from "./DateFilters.ts"
import { inBatches } from "./inBatches.ts"
import { searchHits, type SearchOptions } from "./searchHits.ts"

export interface AssetListOptions extends DateFilters {
  /** Which operations made them: `inference-txt2img`, `uploaded`, `upscale`, … Default: all. */
  readonly types?: ReadonlyArray<string> | undefined
  /** Only those made by this model. Its training images don't count. Default: all. */
  readonly modelId?: string | undefined
  /** Only those of this inference. Default: all. */
  readonly inferenceId?: string | undefined
  /** Only those made from this asset. Default: all. */
  readonly parentAssetId?: string | undefined
  /** Only those made from this asset, over any number of steps. Default: all. */
  readonly rootAssetId?: string | undefined
  /** Only those in this collection. Default: all. */
  readonly collectionId?: string | undefined
  /** Only those of this author. Default: all. */
  readonly authorId?: string | undefined
  /** Only those with these tags. The API applies them only to public assets. Default: all. */
  readonly tags?: ReadonlyArray<string> | undefined
  /** `public` lists the public assets of all accounts. Default: the account's own. */
  readonly privacy?: string | undefined
  /** Whether links lead to the original files instead of those that the CDN transforms. Default false. */
  readonly originalAssets?: boolean | undefined
  /** Assets per request: 1..100, default 50. */
  readonly pageSize?: number | undefined
}

/** The stored assets of the account. `Assets` gets those of a job, and fresh links. */
export class AssetLibrary extends Context.Service<
  AssetLibrary,
  {
    /** Requests pages only as far as the stream is read. */
    list(options?: AssetListOptions): Stream.Stream<Asset, ApiError | InvalidInput>
    /** Gets one page, for callers that keep the cursor themselves. */
    page(options?: AssetListOptions & PageOptions): Effect.Effect<Page<Asset>, ApiError | InvalidInput>
    /** Searches by words or by a similar image. Hits have fewer fields than the assets themselves. */
    search(query: string, options?: SearchOptions): Stream.Stream<Asset, ApiError | InvalidInput>
    /** Tags that the asset already has stay. */
    addTags(assetId: string, tags: ReadonlyArray<string>): Effect.Effect<void, ApiError | InvalidInput>
    /** Removes tags. */
    removeTags(assetId: string, tags: ReadonlyArray<string>): Effect.Effect<void, ApiError | InvalidInput>
    /** Deletes any number of assets. This can't be undone. */
    delete(assetIds: ReadonlyArray<string>): Effect.Effect<void, ApiError | InvalidInput>
    /** Changes the name or the description of an asset. */
    update(
      assetId: string,
      changes: { readonly name?: string | undefined; readonly description?: string | undefined },
    ): Effect.Effect<Asset, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/AssetLibrary") {
  /** @internal */
  static readonly layer: Layer.Layer<AssetLibrary, never, ScenarioHttp> = Layer.effect(
    AssetLibrary,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp

  const list = (options: AssetListOptions = {}) =>
    Stream.unwrap(
      checkOptions(options).pipe(Effect.as(streamList(http, toCall(options), "assets", readAsset))),
    )

  const page = Effect.fn("scenario.assets.page")((options: AssetListOptions & PageOptions = {}) =>
    Effect.andThen(
      checkOptions(options),
      getPage(http, toCall(options), "assets", readAsset, options.paginationToken),
    ),
  )

  const changeTags = Effect.fn("scenario.assets.changeTags")(function* (
    assetId: string,
    tags: ReadonlyArray<string>,
    change: "add" | "delete",
  ) {
    yield* requireAll(checkId("assetId", assetId), checkTexts("tags", tags))
    yield* http.call({
      method: "PUT",
      path: `${getPath(assetId)}/tags`,
      // By default the API rejects a tag that already exists, so the call could not be retried.
      body: { [change]: tags, strict: false },
      isRepeatable: true,
    })
  })

  const remove = Effect.fn("scenario.assets.delete")(function* (assetIds: ReadonlyArray<string>) {
    yield* requireAll(...checkIds("assetIds", assetIds))
    yield* inBatches(assetIds, maxDeletedAssets, (batch) =>
      http.call({ method: "DELETE", path: "/assets", body: { assetIds: batch }, isRepeatable: true }),
    )
  })

  const update = Effect.fn("scenario.assets.update")(function* (
    assetId: string,
    changes: { readonly name?: string | undefined; readonly description?: string | undefined },
  ) {
    const { name, description } = changes
    yield* requireAll(
      checkId("assetId", assetId),
      (name ?? description) === undefined
        ? { path: "changes", message: "There is nothing to change. Pass a name or a description." }
        : undefined,
    )
    return yield* http.callFor(
      { method: "PUT", path: getPath(assetId), body: { name, description }, isRepeatable: true },
      (body) => (Predicate.hasProperty(body, "asset") ? readAsset(body.asset) : undefined),
    )
  })

  return AssetLibrary.of({
    list,
    page,
    search: (query, options = {}) => searchHits(http, "/search/assets", query, options, readAsset),
    addTags: (assetId, tags) => changeTags(assetId, tags, "add"),
    removeTags: (assetId, tags) => changeTags(assetId, tags, "delete"),
    delete: remove,
    update,
  })
})

const checkOptions = (options: AssetListOptions) =>
  requireAll(checkPageSize(options.pageSize, 100), ...checkDates(options))

const toCall = (options: AssetListOptions): ApiCall => {
  const { types, tags, pageSize, originalAssets } = options
  const { modelId, inferenceId, parentAssetId, rootAssetId, collectionId, authorId, privacy } = options
  return {
    method: "GET",
    path: "/assets",
    query: {
      types: types?.join(","),
      tags: tags?.join(","),
      modelId,
      inferenceId,
      parentAssetId,
      rootAssetId,
      collectionId,
      authorId,
      privacy,
      originalAssets,
      ...toDateQuery(options),
      pageSize,
    },
  }
}

const getPath = (assetId: string): string => `/assets/${encodeURIComponent(assetId)}`
