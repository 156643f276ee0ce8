import type { ModelRecord } from "../catalog/ModelRecord.ts"
import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { cutPage } from "../http/cutPage.ts"
import { toContractError, refuse, Refusal } from "../http/Refusal.ts"
import { get, pages, post, type Route, sorting } from "../http/Route.ts"
import { isStringArray, type JsonObject } from "../json.ts"

const catalogDate = "2026-03-01T08:00:00.000Z"

/** The status of the account's own model depends on its latest training. */
export const getModelStatus = ({ world }: Exchange, model: ModelRecord): string => {
  if (model.privacy === "public") return model.status
  const training = world.jobs
    .all()
    .find((job) => job.modelId === model.id && job.jobType === "flux-model-training")
  if (training === undefined) return model.status
  const status = world.jobs.status(training)
  if (status === "success") return "trained"
  if (status === "canceled") return "training-canceled"
  return status === "failure" ? "failed" : "training"
}

/** A model as the API returns it. A search hit and a minimal row have no `inputs`. */
export const toModelJson = (
  exchange: Exchange,
  model: ModelRecord,
  form: "whole" | "minimal" | "search",
): JsonObject => {
  const isOwn = model.privacy === "private"
  const { world } = exchange
  const row = {
    id: model.id,
    name: model.name,
    shortDescription: model.shortDescription,
    type: model.type,
    privacy: model.privacy,
    source: "scenario",
    capabilities: model.capabilities,
    tags: model.tags,
    collectionIds: [...world.collections.values()]
      .filter((entry) => entry.modelIds.has(model.id))
      .map((entry) => entry.id),
    exampleAssetIds: [],
    trainingImagesNumber: model.trainingImagesNumber,
    authorId: isOwn ? world.authorId : "",
    ownerId: isOwn ? world.settings.projectId : "proj_scenario0platform",
    thumbnail: {
      assetId: `asset_thumbnail_of_${model.id}`,
      url: `${world.links.origin}/thumbnails/models/${model.id}`,
    },
    createdAt: catalogDate,
    updatedAt: catalogDate,
    parentModelId: model.parentModelId,
    compliantModelIds: model.compliantModelIds,
    concepts: model.concepts,
  }
  if (form === "search") return row
  return {
    ...row,
    status: getModelStatus(exchange, model),
    custom: model.custom,
    accessRestrictions: model.accessRestrictions,
    uiConfig: model.uiConfig,
    inputs: form === "whole" ? model.inputs : undefined,
  }
}

/** The model. If it doesn't exist, 404 with an error as in the contract. */
export const findModel = (exchange: Exchange, modelId: string): ModelRecord => {
  const model = exchange.world.models.get(modelId)
  if (model !== undefined) return model
  throw new Refusal(
    404,
    toContractError(modelId, "NotFound", `Model ${modelId} not found`, exchange.world.clock.iso()),
  )
}

/** In the live API, the rows of public lists have no inputs. */
const getRowForm = (exchange: Exchange): "whole" | "minimal" =>
  exchange.getFault("models-without-inputs") === undefined ? "whole" : "minimal"

const listMatching = (
  exchange: Exchange,
  models: ReadonlyArray<ModelRecord>,
  sizes: { readonly default: number; readonly max: number },
): ApiResponse => {
  const page = cutPage(exchange, models, (model) => model.id, sizes)
  const form = getRowForm(exchange)
  return ok({
    models: page.items.map((model) => toModelJson(exchange, model, form)),
    nextPaginationToken: page.nextPaginationToken,
  })
}

/** Without `privacy=public`, only the account's own models, as in the live API. */
const list = (exchange: Exchange): ApiResponse => {
  const privacy = exchange.query.get("privacy") ?? "private"
  const status = exchange.query.get("status")
  const collectionId = exchange.query.get("collectionId")
  const collected = collectionId === null ? undefined : exchange.world.collections.get(collectionId)?.modelIds
  const models = [...exchange.world.models.values()].filter(
    (model) =>
      model.privacy === privacy &&
      (status === null || getModelStatus(exchange, model) === status) &&
      (collectionId === null || (collected?.has(model.id) ?? false)),
  )
  return listMatching(exchange, models, { default: 100, max: 500 })
}

const listPublic = (exchange: Exchange): ApiResponse => {
  const types =
    exchange.query.get("types")?.split(",") ??
    (exchange.query.has("type") ? [exchange.query.get("type")] : undefined)
  const tags = exchange.query.get("tags")?.split(",") ?? []
  const models = [...exchange.world.models.values()].filter(
    (model) =>
      model.privacy === "public" &&
      (types === undefined || types.includes(model.type)) &&
      tags.every((tag) => model.tags.includes(tag)),
  )
  return listMatching(exchange, models, { default: 50, max: 500 })
}

const bulk = (exchange: Exchange): ApiResponse => {
  const body = exchange.getObjectBody()
  const ids = body["modelIds"]
  if (!isStringArray(ids)) throw refuse(400, '"modelIds" must be an array')
  const form = body["minimal"] === true ? "minimal" : "whole"
  return ok({
    models: ids.flatMap((id) => {
      const model = exchange.world.models.get(id)
      return model === undefined ? [] : [toModelJson(exchange, model, form)]
    }),
  })
}

const recommend = (exchange: Exchange): ApiResponse => {
  const wanted = exchange.query.get("capabilities")?.split(",") ?? []
  const limit = Number(exchange.query.get("limit") ?? 10)
  const start = Number(exchange.query.get("nextToken") ?? 0)
  const models = [...exchange.world.models.values()].filter(
    (model) =>
      model.privacy === "public" && wanted.every((capability) => model.capabilities.includes(capability)),
  )
  return ok({
    models: models.slice(start, start + limit).map((model) => toModelJson(exchange, model, "whole")),
    nextToken: start + limit < models.length ? `${start + limit}` : undefined,
  })
}

export const modelRoutes: ReadonlyArray<Route> = [
  get("/models", list, {
    ...pages,
    privacy: ["private", "public"],
    status: "text",
    collectionId: "text",
    loadedOnly: ["true", "false"],
    blacklisted: ["true", "false"],
  }),
  get("/models/public", listPublic, {
    ...pages,
    ...sorting,
    type: "text",
    types: "text",
    tags: "text",
    collectionIds: "text",
  }),
  get("/models/public/:modelId", (exchange, { modelId = "" }) => {
    const model = findModel(exchange, modelId)
    if (model.privacy !== "public") throw refuse(404, `Model ${modelId} not found`)
    return ok({ model: toModelJson(exchange, model, "whole") })
  }),
  post("/models/get-bulk", bulk),
  get("/models/:modelId", (exchange, { modelId = "" }) =>
    ok({ model: toModelJson(exchange, findModel(exchange, modelId), "whole") }),
  ),
  get("/recommendations/models", recommend, {
    capabilities: "text",
    excludeModelIds: "text",
    limit: "number",
    nextToken: "text",
    privacy: "text",
    type: "text",
    tags: "text",
    excludeTypes: "text",
  }),
]
