import { Collections, type Model, Models, Workflows } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from "n8n-workflow"
import { runWithAccount } from "../account.ts"
import { mayNeedMode, needsMode } from "../fields/target.ts"
import { runsOnBase } from "../inputs/runsOnBase.ts"
import { rejectWithNodeError } from "../nodeError.ts"

const pageSize = 50

type Search = (
  host: ILoadOptionsFunctions,
  filter: string | undefined,
  paginationToken: string | undefined,
) => Promise<INodeListSearchResult>

export const searchModels: Search = (host, filter, paginationToken) => {
  return rejectWithNodeError(
    host,
    runWithAccount(
      host,
      readPage(Stream.unwrap(Models.useSync(listModels(filter))), modelItem, paginationToken),
    ),
  )
}

export const searchWorkflows: Search = (host, filter, paginationToken) => {
  const list = Stream.unwrap(
    Workflows.useSync((workflows) =>
      Stream.concat(
        workflows.list({ status: "ready" }),
        workflows.list({ status: "ready", privacy: "public" }),
      ).pipe(Stream.filter(({ workflowId, name }) => matches(filter, name, workflowId))),
    ),
  )
  const item = ({
    workflowId,
    name,
    description,
  }: {
    workflowId: string
    name?: string | undefined
    description?: string | undefined
  }) => listItem(workflowId, name, description)
  return rejectWithNodeError(host, runWithAccount(host, readPage(list, item, paginationToken)))
}

export const searchCollections: Search = (host, filter, paginationToken) => {
  const list = Stream.unwrap(
    Collections.useSync((collections) =>
      Stream.filter(collections.list(), ({ collectionId, name }) => matches(filter, name, collectionId)),
    ),
  )
  return rejectWithNodeError(
    host,
    runWithAccount(
      host,
      readPage(list, ({ collectionId, name }) => listItem(collectionId, name, undefined), paginationToken),
    ),
  )
}

/** The account's models first, then public ones, including those that Scenario's search finds by their description. */
const listModels = (filter: string | undefined) => (models: Models["Service"]) => {
  const isReady = ({ status }: Model) => status === undefined || status === "trained"
  if (filter === undefined || filter.trim() === "") {
    return Stream.filter(models.list({ privacy: "both" }), isReady)
  }
  const seen = new Set<string>()
  return models.list().pipe(
    Stream.filter(({ modelId, name }) => matches(filter, name, modelId)),
    Stream.concat(
      models.search(filter, { public: true }).pipe(
        // Search hits don't say whether a model needs a mode.
        Stream.grouped(pageSize),
        Stream.mapEffect((hits) => addDetails(models, hits)),
        Stream.flattenIterable,
      ),
    ),
    Stream.filter(
      (model) => isReady(model) && !seen.has(model.modelId) && seen.add(model.modelId) !== undefined,
    ),
  )
}

/** Adds `isCustom` from the models themselves; the hits stay as they are if that fails. */
const addDetails = (models: Models["Service"], hits: ReadonlyArray<Model>) => {
  const lacking = hits.filter(({ isCustom }) => isCustom === undefined).map(({ modelId }) => modelId)
  if (lacking.length === 0) return Effect.succeed(hits)
  return models.getMany(lacking).pipe(
    Effect.map((found) => {
      const details = new Map(found.map((model) => [model.modelId, model]))
      return hits.map((hit) => ({ ...hit, isCustom: hit.isCustom ?? details.get(hit.modelId)?.isCustom }))
    }),
    Effect.orElseSucceed(() => hits),
  )
}

const modelItem = (model: Model): INodeListSearchItems => {
  const { modelId, name = modelId, privacy, description, type } = model
  return listItem(
    modelId,
    `${name}${privacy === "private" ? " (yours)" : ""}${getModeMark(model)}`,
    description ?? type,
  )
}

const getModeMark = (model: Model): string => {
  const { isCustom } = model
  if (isCustom === true || runsOnBase(model)) return ""
  return ` ${isCustom === false ? needsMode : mayNeedMode}`
}

const listItem = (
  value: string,
  name: string | undefined,
  description: string | undefined,
): INodeListSearchItems => ({
  value,
  name: name ?? value,
  ...(description === undefined ? {} : { description }),
})

const matches = (filter: string | undefined, ...texts: ReadonlyArray<string | undefined>): boolean =>
  filter === undefined ||
  texts.some((text) => text !== undefined && text.toLowerCase().includes(filter.trim().toLowerCase()))

/** The pagination token is the number of entries so far. */
const readPage = <A, E, R>(
  list: Stream.Stream<A, E, R>,
  item: (entry: A) => INodeListSearchItems,
  paginationToken: string | undefined,
): Effect.Effect<INodeListSearchResult, E, R> => {
  const skipped = Number(paginationToken ?? 0)
  return Stream.runCollect(list.pipe(Stream.drop(skipped), Stream.take(pageSize + 1))).pipe(
    Effect.map((entries) => ({
      results: entries.slice(0, pageSize).map(item),
      ...(entries.length > pageSize ? { paginationToken: String(skipped + pageSize) } : {}),
    })),
  )
}
