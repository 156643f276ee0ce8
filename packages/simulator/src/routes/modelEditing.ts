import type { ModelRecord } from "../catalog/ModelRecord.ts"
import { checkBody } from "../contract/checkBody.ts"
import { conceptsField } from "../contract/endpoints/image.ts"
import { anything, boolean, type Fields, oneOf, text, texts } from "../contract/endpoints/Field.ts"
import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { get, post, put, remove, type Route, submitQuery } from "../http/Route.ts"
import { type JsonObject, readString, readStrings } from "../json.ts"
import { createJob } from "../world/createJob.ts"
import { findModel, getModelStatus, toModelJson } from "./models.ts"
import { findFiles, toPriceResponse, refuseProblems } from "./submitting.ts"

// Endpoints that change the account's own models.

type Parameters = Readonly<Record<string, string>>

const newFields: Fields = {
  name: text,
  shortDescription: text,
  type: text,
  baseModelId: text,
  classSlug: text,
  collectionIds: texts,
  concepts: conceptsField,
}

const changeFields: Fields = {
  name: text,
  shortDescription: text,
  type: text,
  classSlug: text,
  epoch: text,
  thumbnail: text,
  concepts: conceptsField,
  parameters: anything,
  promptEmbedding: text,
  negativePromptEmbedding: text,
}

const trainingImageFields: Fields = {
  data: text,
  name: text,
  assetId: text,
  assetIds: texts,
  preset: oneOf("default style subject"),
}

/** Compute units per training. */
const trainingPrice = 250

const readBodyFields = (exchange: Exchange, fields: Fields): JsonObject => {
  const { body, unknown, problems } = checkBody(exchange.getObjectBody(), fields)
  for (const name of unknown) exchange.addViolation(`"${name}" is not allowed`)
  refuseProblems(exchange, problems)
  return body
}

/** Only the account's own models can be changed. */
const getOwnModel = (exchange: Exchange, modelId: string): ModelRecord => {
  const model = findModel(exchange, modelId)
  if (model.privacy !== "private") throw refuse(403, `You don't have access to model ${modelId}`)
  return model
}

const saveModel = (exchange: Exchange, model: ModelRecord): ApiResponse => {
  exchange.world.models.set(model.id, model)
  return ok({ model: toModelJson(exchange, model, "whole") })
}

const create = (exchange: Exchange): ApiResponse => {
  const body = readBodyFields(exchange, newFields)
  const baseModelId = readString(body, "baseModelId")
  const template = findModel(exchange, baseModelId ?? "model_flux-1-dev")
  return saveModel(exchange, {
    ...template,
    id: exchange.world.identifiers.next("model_"),
    name: readString(body, "name") ?? "Untitled",
    shortDescription: readString(body, "shortDescription") ?? "",
    type: readString(body, "type") ?? "flux.1-lora",
    privacy: "private",
    status: "new",
    tags: [],
    ...(baseModelId === undefined ? {} : { parentModelId: baseModelId }),
    trainingImagesNumber: 0,
  })
}

const update = (exchange: Exchange, { modelId = "" }: Parameters): ApiResponse => {
  const model = getOwnModel(exchange, modelId)
  const body = readBodyFields(exchange, changeFields)
  return saveModel(exchange, {
    ...model,
    name: readString(body, "name") ?? model.name,
    shortDescription: readString(body, "shortDescription") ?? model.shortDescription,
  })
}

const copy = (exchange: Exchange, { modelId = "" }: Parameters): ApiResponse => {
  const model = getOwnModel(exchange, modelId)
  readBodyFields(exchange, { copyExamples: boolean, copyAsTrained: boolean })
  return saveModel(exchange, {
    ...model,
    id: exchange.world.identifiers.next("model_"),
    name: `${model.name} (copy)`,
  })
}

const erase = (exchange: Exchange, { modelId = "" }: Parameters): ApiResponse => {
  exchange.world.models.delete(getOwnModel(exchange, modelId).id)
  return ok({})
}

const tag = (exchange: Exchange, { modelId = "" }: Parameters): ApiResponse => {
  const model = getOwnModel(exchange, modelId)
  const body = readBodyFields(exchange, { add: texts, delete: texts, strict: boolean })
  const added = readStrings(body, "add").filter((name) => !model.tags.includes(name))
  const deleted = readStrings(body, "delete").filter((name) => model.tags.includes(name))
  saveModel(exchange, { ...model, tags: [...model.tags.filter((name) => !deleted.includes(name)), ...added] })
  return ok({ added, deleted })
}

const addTrainingImage = (exchange: Exchange, { modelId = "" }: Parameters): ApiResponse => {
  const model = getOwnModel(exchange, modelId)
  const body = readBodyFields(exchange, trainingImageFields)
  const assets = findFiles(
    exchange,
    [readString(body, "assetId") ?? [], ...readStrings(body, "assetIds")].flat(),
  )
  if (assets.length === 0 && body["data"] === undefined)
    throw refuse(400, '"data", "assetId" or "assetIds" is required')
  saveModel(exchange, {
    ...model,
    trainingImagesNumber: model.trainingImagesNumber + Math.max(1, assets.length),
  })
  const first = assets[0]
  return ok({
    trainingImage: {
      id: first?.id ?? exchange.world.identifiers.next("asset_"),
      name: readString(body, "name") ?? first?.name ?? "image",
      description: "",
      automaticCaptioning: "",
      downloadUrl: first === undefined ? "" : exchange.world.assets.url(first, true),
      createdAt: exchange.world.clock.iso(),
    },
  })
}

const findTraining = (exchange: Exchange, modelId: string) =>
  exchange.world.jobs
    .all()
    .find(
      (job) =>
        job.modelId === modelId &&
        job.jobType === "flux-model-training" &&
        !exchange.world.jobs.isFinished(job),
    )

const train = (exchange: Exchange, { modelId = "" }: Parameters): ApiResponse => {
  const { world } = exchange
  const model = getOwnModel(exchange, modelId)
  if (getModelStatus(exchange, model) === "trained") throw refuse(400, "Model is already trained")
  if (model.trainingImagesNumber === 0) throw refuse(400, "Model has no training images")
  if (exchange.isDryRun) return toPriceResponse(trainingPrice)
  // The message of the live API.
  if (findTraining(exchange, modelId) !== undefined) throw refuse(400, "Model is already training")
  const job = createJob(world, {
    jobType: "flux-model-training",
    endpoint: `/models/${modelId}/train`,
    input: exchange.getObjectBody(),
    duration: "training",
    price: trainingPrice,
    modelId,
    output: { outputModelId: modelId },
  })
  return ok({
    model: toModelJson(exchange, model, "whole"),
    job: world.jobs.toJson(job),
    creativeUnitsCost: trainingPrice,
  })
}

const stopTraining = (exchange: Exchange, { modelId = "" }: Parameters): ApiResponse => {
  const model = getOwnModel(exchange, modelId)
  if (exchange.getObjectBody()["action"] !== "cancel") throw refuse(400, '"action" must be one of [cancel]')
  const job = findTraining(exchange, modelId)
  if (job === undefined) throw refuse(400, "Model is not training")
  exchange.world.jobs.cancel(job)
  return ok({ model: toModelJson(exchange, model, "whole") })
}

export const modelEditingRoutes: ReadonlyArray<Route> = [
  post("/models", create),
  put("/models/:modelId", update),
  remove("/models/:modelId", erase),
  post("/models/:modelId/copy", copy),
  put("/models/:modelId/tags", tag),
  get("/models/:modelId/examples", (exchange, { modelId = "" }) => {
    findModel(exchange, modelId)
    return ok({ examples: [] })
  }),
  post("/models/:modelId/training-images", addTrainingImage),
  put("/models/:modelId/train", train, submitQuery),
  post("/models/:modelId/train/action", stopTraining),
]
