import type { ModelRecord } from "../catalog/ModelRecord.ts"
import { planNames } from "../catalog/ModelRecord.ts"
import { checkModelInputs, type ModelValue } from "../contract/checkModelInputs.ts"
import type { ApiResponse, Exchange } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { post, type Route, submitQuery } from "../http/Route.ts"
import { type JsonObject, readNumber, readString } from "../json.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"
import { type NewAsset, createJob, readPrompt } from "../world/createJob.ts"
import type { World } from "../world/World.ts"
import { capSize, chooseSeed, getRatioSize } from "./planAssets.ts"
import { findModel } from "./models.ts"
import { getCustomPrice } from "./prices.ts"
import { makeEcho, findFiles, noteBodyDryRun, priceOrRun, refuseProblems } from "./submitting.ts"

/** The plan of the simulated account: Pro. */
const accountPlan = 50

const runModel = (exchange: Exchange, { modelId = "" }: Readonly<Record<string, string>>): ApiResponse => {
  const { world } = exchange
  const model = getOpenModel(exchange, modelId)
  // As in the live API, this includes LoRAs and compositions: their base model runs them.
  if (!model.custom) throw refuse(400, "Custom models only are supported for this endpoint")
  noteBodyDryRun(exchange)
  const { dryRun: _ignored, ...body } = exchange.getObjectBody()
  const checked = checkModelInputs(body, model.inputs)
  for (const dropped of checked.dropped) exchange.addViolation(dropped)
  refuseProblems(exchange, checked.problems)
  for (const value of checked.modelValues) checkModelValue(exchange, value)
  // A dry run accepts files that don't exist yet.
  const sources = exchange.isDryRun ? [] : findFiles(exchange, checked.fileValues)

  const price = getCustomPrice(world, model, checked.inputs)
  return priceOrRun(exchange, { price, actionName: "custom", jobKind: "custom" }, () => {
    const job = createModelJob(exchange, model, checked.inputs, sources, {
      price,
      endpoint: `/generate/custom/${modelId}`,
    })
    return { job: world.jobs.toJson(job), creativeUnitsCost: price, creativeUnitsDiscount: 0 }
  })
}

/** As in the live API, refuses a LoRA of another family, and a composition if only LoRAs are allowed. */
const checkModelValue = (exchange: Exchange, { id, types }: ModelValue): void => {
  const { type } = getOpenModel(exchange, id)
  if (types === undefined || types.includes(type)) return
  throw refuse(400, `Invalid model(s): ${id}.\nAllowed model types: ${types.join(", ")}`)
}

/** 404 if the model doesn't exist, and 403 with the name of the required plan if the account's plan is too small. */
const getOpenModel = (exchange: Exchange, modelId: string): ModelRecord => {
  const model = findModel(exchange, modelId)
  if (model.accessRestrictions > accountPlan) {
    throw refuse(403, `Model ${modelId} requires the ${planNames[model.accessRestrictions]} plan`)
  }
  return model
}

const createModelJob = (
  exchange: Exchange,
  model: ModelRecord,
  inputs: JsonObject,
  sources: ReadonlyArray<AssetRecord>,
  charge: { readonly price: number; readonly endpoint: string },
) => {
  const { output } = model
  const { world } = exchange
  const count = output.countInput === undefined ? 1 : (readNumber(inputs, output.countInput) ?? 1)
  const thumbnails = exchange.getFault("thumbnail-first") === undefined ? 0 : 1
  return createJob(world, {
    jobType: "custom",
    endpoint: charge.endpoint,
    // If the model has an input named modelId, for a LoRA, its value is echoed.
    ...makeEcho(exchange, { modelId: model.id, ...inputs }, getDefaults(model)),
    duration: output.duration,
    price: charge.price,
    modelId: model.id,
    assetCount: output.isOutputOnly === true ? 0 : thumbnails + count * (output.maps?.length ?? 1),
    getAsset: addThumbnails(planModelAssets(world, model, inputs, sources), thumbnails),
    ...(output.isOutputOnly === true
      ? { output: { text: `About "${readPrompt(inputs)}", the oracle says: yes, in time.` } }
      : {}),
  })
}

const addThumbnails =
  (getAsset: (index: number) => NewAsset, thumbnails: number) =>
  (index: number): NewAsset => {
    const file = getAsset(Math.max(0, index - thumbnails))
    if (index >= thumbnails) return file
    return { ...file, spec: { ...file.spec, ...capSize(256, 256), kind: "image", mimeType: "image/png" } }
  }

const getDefaults = (model: ModelRecord): JsonObject =>
  Object.fromEntries(
    model.inputs.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
  )

const planModelAssets = (
  world: World,
  model: ModelRecord,
  inputs: JsonObject,
  sources: ReadonlyArray<AssetRecord>,
) => {
  const { output } = model
  const seed = chooseSeed(inputs, world)
  const source = sources.find((candidate) => candidate.spec.kind === "image") ?? sources[0]
  const prompt = readPrompt(inputs) === "" ? (source?.spec.prompt ?? "") : readPrompt(inputs)
  const size = getModelSize(model, inputs)
  return (index: number): NewAsset => {
    const map = output.maps?.[index % output.maps.length]
    const type = map === undefined ? output.assetType : `texture-${map}`
    return {
      spec: {
        kind: output.kind,
        mimeType: output.mimeType,
        style: output.style,
        prompt,
        modelName: model.name,
        seed: `${map === undefined ? seed + index : seed}`,
        index,
        ...size,
        label: map === undefined ? "custom" : type,
      },
      metadataType: type,
      source: map === undefined ? type : `texture:${map}`,
      parentId: source?.id,
      modelId: model.id,
    }
  }
}

const getModelSize = (model: ModelRecord, inputs: JsonObject) => {
  const resolution = readNumber(inputs, "resolution")
  if (resolution !== undefined) return capSize(resolution, resolution)
  if (model.output.maps !== undefined) return capSize(512, 512)
  if (model.output.style === "panorama") return capSize(2048, 1024)
  const ratio = /^(\d+):(\d+)$/.exec(readString(inputs, "aspectRatio") ?? "")
  if (ratio !== null) return getRatioSize(Number(ratio[1]), Number(ratio[2]))
  return capSize(readNumber(inputs, "width") ?? 1024, readNumber(inputs, "height") ?? 1024)
}

export const customRoutes: ReadonlyArray<Route> = [post("/generate/custom/:modelId", runModel, submitQuery)]
