import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { maxCollectedAssets } from "../api/limits.ts"
import { type Collection, readCollection, readCollectionResponse } from "../api/Collection.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import { streamList } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkId, checkIds, checkPageSize, checkText, requireAll } from "../checkArguments.ts"
import { inBatches } from "./inBatches.ts"

/** Collections: folders of assets and models. */
export class Collections extends Context.Service<
  Collections,
  {
    /** Requests pages (1..100 collections, default 50) only as far as the stream is read. */
    list(options?: {
      readonly pageSize?: number | undefined
    }): Stream.Stream<Collection, ApiError | InvalidInput>
    /** Gets a collection. */
    get(collectionId: string): Effect.Effect<Collection, ApiError | InvalidInput>
    /** Creates an empty collection. */
    create(name: string): Effect.Effect<Collection, ApiError | InvalidInput>
    /** Adds any number of assets. Those that it already contains stay. */
    addAssets(
      collectionId: string,
      assetIds: ReadonlyArray<string>,
    ): Effect.Effect<void, ApiError | InvalidInput>
    /** Removes any number of assets from the collection, without deleting them. */
    removeAssets(
      collectionId: string,
      assetIds: ReadonlyArray<string>,
    ): Effect.Effect<void, ApiError | InvalidInput>
    /** Deletes the collection, but not its assets and models. */
    delete(collectionId: string): Effect.Effect<void, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Collections") {
  /** @internal */
  static readonly layer: Layer.Layer<Collections, never, ScenarioHttp> = Layer.effect(
    Collections,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp

  const list = (options: { readonly pageSize?: number | undefined } = {}) =>
    Stream.unwrap(
      requireAll(checkPageSize(options.pageSize, 100)).pipe(
        Effect.as(
          streamList(
            http,
            { method: "GET", path: "/collections", query: { pageSize: options.pageSize ?? 50 } },
            "collections",
            readCollection,
          ),
        ),
      ),
    )

  const get = Effect.fn("scenario.collections.get")(function* (collectionId: string) {
    yield* requireAll(checkId("collectionId", collectionId))
    return yield* http.callFor({ method: "GET", path: getPath(collectionId) }, readCollectionResponse)
  })

  const create = Effect.fn("scenario.collections.create")(function* (name: string) {
    yield* requireAll(checkText("name", name))
    return yield* http.callFor(
      { method: "POST", path: "/collections", body: { name } },
      readCollectionResponse,
    )
  })

  const change = Effect.fn("scenario.collections.change")(function* (
    method: "PUT" | "DELETE",
    collectionId: string,
    assetIds: ReadonlyArray<string>,
  ) {
    yield* requireAll(checkId("collectionId", collectionId), ...checkIds("assetIds", assetIds))
    const call = { method, path: `${getPath(collectionId)}/assets`, isRepeatable: true }
    yield* inBatches(assetIds, maxCollectedAssets, (batch) =>
      http.call({ ...call, body: { assetIds: batch } }),
    )
  })

  const remove = Effect.fn("scenario.collections.delete")(function* (collectionId: string) {
    yield* requireAll(checkId("collectionId", collectionId))
    yield* http.call({ method: "DELETE", path: getPath(collectionId) })
  })

  return Collections.of({
    list,
    get,
    create,
    addAssets: (collectionId, assetIds) => change("PUT", collectionId, assetIds),
    removeAssets: (collectionId, assetIds) => change("DELETE", collectionId, assetIds),
    delete: remove,
  })
})

const getPath = (collectionId: string): string => `/collections/${encodeURIComponent(collectionId)}`
