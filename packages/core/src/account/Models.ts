import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { compact } from "../api/readers.ts"
import { type Model, readModel, readModelResponse } from "../api/Model.ts"
import type { Page } from "../api/Page.ts"
import { type ApiError, InvalidInput } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { getPage, type PageOptions, streamLists } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { type Checked, checkId, checkPageSize, requireAll } from "../checkArguments.ts"
import { checkDates, type DateFilters, toDateQuery } from "./DateFilters.ts"
import { inBatches } from "./inBatches.ts"
import { searchHits, type SearchOptions } from "./searchHits.ts"

/** Only public models can be sorted (`sortBy`, `sortDirection`). */
export interface ModelListOptions extends DateFilters {
  /** The account's own models, the public ones of all accounts, or the own ones followed by the public ones. Default `own`. */
  readonly privacy?: "own" | "public" | "both" | undefined
  /** Only models of this type: `flux.1-lora`, … Default: all. */
  readonly type?: string | undefined
  /** Only models that have all of these. Default: all. */
  readonly tags?: ReadonlyArray<string> | undefined
  /** Only models with this status: `trained`, … Default: all. */
  readonly status?: string | undefined
  /** Only models in this collection. Default: all. */
  readonly collectionId?: string | undefined
  /** Models per request: 1..500, default 100. */
  readonly pageSize?: number | undefined
}

/** The models that can generate. */
export class Models extends Context.Service<
  Models,
  {
    /** Requests pages only as far as the stream is read. Listed models may lack their `inputs`. */
    list(options?: ModelListOptions): Stream.Stream<Model, ApiError | InvalidInput>
    /** Gets one page of one of the lists, for callers that keep the cursor themselves. A page can be empty before the last. */
    page(
      options?: ModelListOptions & PageOptions & { readonly privacy?: "own" | "public" | undefined },
    ): Effect.Effect<Page<Model>, ApiError | InvalidInput>
    /**
     * Gets a model with its inputs, whether it is the account's own or public. It is cached for five minutes, because every
     * submit checks its inputs; `fresh` reads it again.
     */
    get(
      modelId: string,
      options?: { readonly fresh?: boolean },
    ): Effect.Effect<Model, ApiError | InvalidInput>
    /** Gets the models that exist, in the given order. They may lack their `inputs`. */
    getMany(modelIds: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Model>, ApiError | InvalidInput>
    /**
     * Finds the account's own model by its name, ignoring case; `undefined` if no model has it. If several do, fails with an
     * `InvalidInput` that lists their IDs.
     */
    findByName(name: string): Effect.Effect<Model | undefined, ApiError | InvalidInput>
    /** Searches by words, or by an image like those that the model makes. */
    search(query: string, options?: SearchOptions): Stream.Stream<Model, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Models") {
  /** @internal */
  static readonly layer: Layer.Layer<Models, never, ScenarioHttp> = Layer.effect(
    Models,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp

  const fetchModel = (modelId: string) => {
    const path = encodeURIComponent(modelId)
    const own: ApiCall = { method: "GET", path: `/models/${path}` }
    return http.callFor(own, readModelResponse).pipe(
      // This path can hide public models of other accounts. If both paths fail, the first error says more.
      Effect.catchIf(isHidden, (refusal) =>
        http
          .callFor({ method: "GET", path: `/models/public/${path}` }, readModelResponse)
          .pipe(Effect.mapError((second) => (isHidden(second) ? refusal : second))),
      ),
    )
  }

  /** Concurrent reads of a model share one request. */
  const reads = new Map<string, Effect.Success<ReturnType<typeof makeRead>>>()
  const makeRead = (modelId: string) =>
    Effect.cachedInvalidateWithTTL(fetchModel(modelId), (exit) =>
      Exit.isSuccess(exit) ? Duration.minutes(5) : Duration.zero,
    )
  const openRead = Effect.fnUntraced(function* (modelId: string) {
    const read = reads.get(modelId) ?? (yield* makeRead(modelId))
    // The map is ordered by use, the oldest first.
    reads.delete(modelId)
    reads.set(modelId, read)
    const [oldest] = reads.keys()
    if (reads.size > maxCachedModels && oldest !== undefined) reads.delete(oldest)
    return read
  })

  const get = Effect.fn("scenario.models.get")(function* (
    modelId: string,
    options?: { readonly fresh?: boolean },
  ) {
    yield* requireAll(checkId("modelId", modelId))
    const [read, forget] = yield* openRead(modelId)
    if (options?.fresh === true) yield* forget
    return yield* read
  })

  const page = Effect.fn("scenario.models.page")(function* (
    options: ModelListOptions & PageOptions & { readonly privacy?: "own" | "public" | undefined } = {},
  ) {
    yield* checkOptions(options)
    const { path, query } = options.privacy === "public" ? toPublicList(options) : toOwnList(options)
    const call: ApiCall = { method: "GET", path, query: { ...query, pageSize: options.pageSize } }
    const { items, nextToken } = yield* getPage(http, call, "models", readModel, options.paginationToken)
    return { items: items.filter((model) => isWanted(model, options)), nextToken }
  })

  const list = (options: ModelListOptions = {}) => {
    const { privacy = "own", pageSize } = options
    const lists = [
      ...(privacy === "public" ? [] : [toOwnList(options)]),
      ...(privacy === "own" ? [] : [toPublicList(options)]),
    ].map(({ path, query }): ApiCall => ({ method: "GET", path, query: { ...query, pageSize } }))
    const all = streamLists(http, lists, "models", readModel).pipe(
      Stream.filter((model) => isWanted(model, options)),
    )
    return Stream.unwrap(Effect.as(checkOptions(options), privacy === "both" ? withoutRepeats(all) : all))
  }

  const getBatch = (modelIds: ReadonlyArray<string>) =>
    http.callFor(
      { method: "POST", path: "/models/get-bulk", body: { modelIds }, isRepeatable: true },
      readModels,
    )

  const getMany = Effect.fn("scenario.models.getMany")(function* (modelIds: ReadonlyArray<string>) {
    yield* requireAll(...modelIds.map((modelId, index) => checkId(`modelIds[${index}]`, modelId)))
    const found = yield* inBatches(modelIds, batchSize, getBatch)
    const byId = new Map(found.flat().map((model) => [model.modelId, model]))
    return compact(modelIds.map((modelId) => byId.get(modelId)))
  })

  const findByName = Effect.fn("scenario.models.findByName")(function* (name: string) {
    const plain = name.trim().toLowerCase()
    const isNamed = (model: Model) => model.name?.trim().toLowerCase() === plain
    const [model, ...others] = yield* Stream.runCollect(Stream.filter(list({ pageSize: 500 }), isNamed))
    if (model === undefined || others.length === 0) return model
    const ids = [model, ...others].map(({ modelId }) => modelId).join(", ")
    const message = `Several models are named ${name}. Pass the ID of one of them: ${ids}.`
    return yield* new InvalidInput({ issues: [{ path: "model", message }] })
  })

  return Models.of({
    list,
    page,
    get,
    getMany,
    findByName,
    search: (query, options = {}) => searchHits(http, "/search/models", query, options, readModel),
  })
})

const checkOptions = (options: ModelListOptions) =>
  requireAll(checkPageSize(options.pageSize, 500), ...checkDates(options), checkOrder(options))

const checkOrder = ({ privacy, sortBy, sortDirection }: ModelListOptions): Checked => {
  if (privacy === "public" || (sortBy ?? sortDirection) === undefined) return undefined
  const path = sortBy === undefined ? "sortDirection" : "sortBy"
  return { path, message: `Only public models can be sorted. Remove ${path}, or list public models.` }
}

const maxCachedModels = 500

/** The API doesn't document a limit, so this is a small number. */
const batchSize = 50

const isHidden = ({ reason }: ApiError): boolean => reason._tag === "NotFound" || reason._tag === "Forbidden"

const readModels = (body: unknown): ReadonlyArray<Model> | undefined =>
  Predicate.hasProperty(body, "models") && Array.isArray(body.models)
    ? compact(body.models.map(readModel))
    : undefined

type ListCall = Pick<ApiCall, "path"> & { readonly query: NonNullable<ApiCall["query"]> }

/** The API can't filter this list by type, tag, or date. */
const toOwnList = ({ status, collectionId }: ModelListOptions): ListCall => ({
  path: "/models",
  query: { status, collectionId },
})

/** Both paths list public models. `/models` is the better tested one, `/models/public` has more filters. */
const toPublicList = (options: ModelListOptions): ListCall => {
  const { status, collectionId, type, tags } = options
  const dates = toDateQuery(options)
  const needsFilters = [type, tags, ...Object.values(dates)].some((filter) => filter !== undefined)
  return needsFilters
    ? {
        path: "/models/public",
        query: { type, tags: tags?.join(","), collectionIds: collectionId, ...dates },
      }
    : { path: "/models", query: { privacy: "public", status, collectionId } }
}

/** Applies the filters that the path lacks: `/models` has no types, `/models/public` no status. */
const isWanted = (
  model: Model,
  { type, status, tags, createdAfter, createdBefore, updatedAfter, updatedBefore }: ModelListOptions,
) =>
  (type === undefined || model.type === type) &&
  (status === undefined || model.status === status) &&
  (tags ?? []).every((tag) => model.tags.includes(tag)) &&
  isBetween(model.createdAt, createdAfter, createdBefore) &&
  isBetween(model.updatedAt, updatedAfter, updatedBefore)

const isBetween = (
  date: string | undefined,
  after: string | undefined,
  before: string | undefined,
): boolean => {
  const time = Date.parse(date ?? "")
  return (
    (after === undefined || time > Date.parse(after)) && (before === undefined || time < Date.parse(before))
  )
}

const withoutRepeats = <E>(models: Stream.Stream<Model, E>): Stream.Stream<Model, E> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    return Stream.filter(models, ({ modelId }) => !seen.has(modelId) && seen.add(modelId) !== undefined)
  })
