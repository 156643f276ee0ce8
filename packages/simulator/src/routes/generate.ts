import { checkBody } from "../contract/checkBody.ts"
import { endpoints } from "../contract/EndpointTable.ts"
import type { Endpoint } from "../contract/endpoints/Endpoint.ts"
import type { ApiResponse, Exchange } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { post, type Route, submitQuery } from "../http/Route.ts"
import { type Json, type JsonObject, readNumber, readString } from "../json.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"
import { createJob } from "../world/createJob.ts"
import { planAssets } from "./planAssets.ts"
import { findModel, getModelStatus } from "./models.ts"
import { getPrice } from "./prices.ts"
import { makeEcho, findFiles, noteBodyDryRun, priceOrRun, refuseProblems } from "./submitting.ts"
import { makeTextResult } from "./makeTextResult.ts"
import { toAssetJson } from "./toAssetJson.ts"

const generate =
  (endpoint: Endpoint) =>
  (exchange: Exchange): ApiResponse => {
    const { world } = exchange
    noteBodyDryRun(exchange)
    const checked = checkBody(removeDryRun(exchange.getObjectBody()), endpoint.fields)
    const { body } = checked
    for (const name of checked.unknown) exchange.addViolation(`"${name}" is not allowed`)
    if (world.settings.strict && checked.unknown.length > 0)
      throw refuse(400, `"${checked.unknown[0]}" is not allowed`)
    refuseProblems(exchange, [
      ...checked.problems,
      ...findMissingGroups(body, endpoint),
      ...findContradictions(body, endpoint),
    ])
    checkModels(exchange, endpoint, body)
    const sources = findFiles(exchange, checked.fileValues)

    const price = getPrice(world, endpoint, body)
    return priceOrRun(exchange, { price, actionName: endpoint.jobType, jobKind: "endpoint" }, () =>
      run(exchange, endpoint, body, sources, price),
    )
  }

/** Creates the job, and the body of the response. */
const run = (
  exchange: Exchange,
  endpoint: Endpoint,
  body: JsonObject,
  sources: ReadonlyArray<AssetRecord>,
  price: number,
): JsonObject => {
  const { world } = exchange
  const inferenceId = endpoint.response === "inference" ? world.identifiers.next("") : undefined
  const output = makeTextResult(endpoint.response, body, sources)
  const job = createJob(world, {
    jobType: endpoint.jobType,
    endpoint: `/generate/${endpoint.name}`,
    ...makeEcho(exchange, body, { numSamples: 4 }),
    duration: endpoint.duration,
    price,
    modelId: readString(body, "modelId"),
    ...planAssets(world, endpoint, body, sources, inferenceId),
    ...(output === undefined ? {} : { output, isInstant: true }),
    showsAssetsAtOnce: endpoint.response === "job-and-asset",
  })
  const asset = job.assetIds[0] === undefined ? undefined : world.assets.find(job.assetIds[0])
  return {
    ...makeInference(endpoint, body, inferenceId),
    ...toAsset(exchange, endpoint, asset),
    // A job that a test plans to fail or to take longer has no text yet.
    ...(world.jobs.status(job) === "success" ? output : {}),
    job: world.jobs.toJson(job),
    creativeUnitsCost: price,
    creativeUnitsDiscount: 0,
  }
}

const removeDryRun = ({ dryRun: _ignored, ...body }: JsonObject): JsonObject => body

const findMissingGroups = (body: JsonObject, endpoint: Endpoint): ReadonlyArray<string> =>
  endpoint.oneOfEach
    .filter((names) => names.every((name) => body[name] === undefined))
    .map((names) => `${names[0]} parameter is required`)

/** Requesting both masks and a picture is documented to return 400. */
const findContradictions = (body: JsonObject, endpoint: Endpoint): ReadonlyArray<string> =>
  endpoint.name === "segment" && body["resultImage"] === true && body["resultMask"] === true
    ? ['"resultMask" and "resultImage" can\'t both be true']
    : []

/** The model of an inference must exist, be trained, and support the endpoint. */
const checkModels = (exchange: Exchange, endpoint: Endpoint, body: JsonObject): void => {
  if (endpoint.response !== "inference") return
  const modelId = readString(body, "modelId") ?? ""
  const model = findModel(exchange, modelId)
  if (model.custom) throw refuse(400, `Model ${modelId} is a custom model: use /generate/custom/${modelId}`)
  const capability = endpoint.name.replaceAll("-", "_")
  if (!model.capabilities.includes(capability)) {
    throw refuse(400, `Model ${modelId} doesn't support ${endpoint.name}`)
  }
  if (getModelStatus(exchange, model) !== "trained") throw refuse(400, `Model ${modelId} is not trained yet`)
}

const makeInference = (endpoint: Endpoint, body: JsonObject, inferenceId: string | undefined): JsonObject => {
  if (inferenceId === undefined) return {}
  const inference: Record<string, Json | undefined> = {
    ...body,
    id: inferenceId,
    type: endpoint.name.replaceAll("-", "_"),
    numSamples: readNumber(body, "numSamples") ?? 1,
  }
  // If an inference has a picture, the contract requires both its link and its ID in the response.
  for (const name of ["image", "mask", "controlImage", "ipAdapterImage"]) {
    if (!Object.hasOwn(endpoint.fields, name)) continue
    const value = readString(body, name) ?? readString(body, `${name}Id`) ?? ""
    inference[name] = value
    inference[`${name}Id`] = readString(body, `${name}Id`) ?? (value.startsWith("data:") ? "" : value)
  }
  return { inference }
}

const toAsset = (exchange: Exchange, endpoint: Endpoint, asset: AssetRecord | undefined): JsonObject =>
  endpoint.response === "job-and-asset" && asset !== undefined ? { asset: toAssetJson(exchange, asset) } : {}

export const generateRoutes: ReadonlyArray<Route> = endpoints.map((endpoint) =>
  post(`/generate/${endpoint.name}`, generate(endpoint), submitQuery),
)
