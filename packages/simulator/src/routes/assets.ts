import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { get, pages, post, put, remove, type Route, sorting } from "../http/Route.ts"
import { isStringArray, readString, readStrings } from "../json.ts"
import { createRandom } from "../seeded.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"
import { downloadZip, findZip } from "./assetZip.ts"
import { list, listPublic } from "./assetLists.ts"
import { createAsset } from "./createAsset.ts"
import { toAssetJson } from "./toAssetJson.ts"

type Parameters = Readonly<Record<string, string>>

/** The documented limit of get-bulk. */
const maxBulkSize = 200

const getAsset = (exchange: Exchange, assetId: string): AssetRecord => {
  const asset = exchange.world.assets.find(assetId)
  if (asset === undefined) throw refuse(404, `Asset ${assetId} not found`)
  return asset
}

const retrieve = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = toAssetJson(exchange, getAsset(exchange, assetId))
  const random = createRandom(`embedding/${assetId}`)
  const embedding = exchange.isOn("withEmbedding") ? Array.from({ length: 32 }, () => random()) : undefined
  return ok({ asset: { ...asset, embedding } })
}

const retrievePublic = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = getAsset(exchange, assetId)
  if (!asset.isPublic) throw refuse(404, `Asset ${assetId} not found`)
  return ok({ asset: toAssetJson(exchange, asset) })
}

const bulk = (exchange: Exchange): ApiResponse => {
  const ids = exchange.getObjectBody()["assetIds"] ?? []
  if (!isStringArray(ids)) throw refuse(400, '"assetIds" must be an array')
  if (ids.length > maxBulkSize) {
    exchange.addViolation(`get-bulk of ${ids.length} assets; the limit is ${maxBulkSize}`)
    throw refuse(400, `"assetIds" must contain less than or equal to ${maxBulkSize} items`)
  }
  const wanted = [...new Set(ids)]
  if (exchange.getFault("strict-bulk") !== undefined) for (const id of wanted) getAsset(exchange, id)
  const assets = wanted.flatMap((id) => {
    const asset = exchange.world.assets.find(id)
    return asset === undefined ? [] : [toAssetJson(exchange, asset)]
  })
  // The order isn't documented, so it always differs from the request.
  const shuffled = assets.length > 1 ? [...assets.slice(1), ...assets.slice(0, 1)] : assets
  const ordered = exchange.getFault("shuffled-bulk") === undefined ? shuffled : shuffled.toReversed()
  return ok({ assets: exchange.getFault("missing-in-bulk") === undefined ? ordered : ordered.slice(1) })
}

const update = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = getAsset(exchange, assetId)
  const body = exchange.getObjectBody()
  for (const name of Object.keys(body)) {
    if (
      !["name", "description", "canvas", "thumbnail", "lockId", "lockExpiresAt", "disableSnapshot"].includes(
        name,
      )
    ) {
      exchange.addViolation(`"${name}" is not allowed`)
    }
  }
  if (asset.lockId !== undefined && body["lockId"] !== asset.lockId)
    throw refuse(403, `Asset ${assetId} is locked`)
  asset.name = readString(body, "name") ?? asset.name
  asset.description = readString(body, "description") ?? asset.description
  asset.updatedAt = exchange.world.clock.now()
  return ok({ asset: toAssetJson(exchange, asset) })
}

const erase = (exchange: Exchange): ApiResponse => {
  const ids = exchange.getObjectBody()["assetIds"]
  if (!isStringArray(ids)) throw refuse(400, '"assetIds" must be an array')
  for (const id of ids) getAsset(exchange, id)
  for (const id of ids) exchange.world.assets.remove(id)
  return ok({})
}

const tag = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = getAsset(exchange, assetId)
  const body = exchange.getObjectBody()
  const added = readStrings(body, "add").filter((name) => !asset.tags.has(name))
  const deleted = readStrings(body, "delete").filter((name) => asset.tags.has(name))
  if (
    body["strict"] !== false &&
    added.length + deleted.length < readStrings(body, "add").length + readStrings(body, "delete").length
  ) {
    throw refuse(400, "A tag to add is there already, or a tag to delete is not")
  }
  for (const name of added) asset.tags.add(name)
  for (const name of deleted) asset.tags.delete(name)
  return ok({ added, deleted })
}

const copy = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = getAsset(exchange, assetId)
  const target = readString(exchange.getObjectBody(), "targetProjectId")
  if (target === undefined) throw refuse(400, '"targetProjectId" must be a string')
  const { world } = exchange
  const now = world.clock.now()
  const copied: AssetRecord = {
    ...asset,
    id: world.identifiers.next("asset_"),
    createdAt: now,
    updatedAt: now,
    visibleFrom: now,
    readyAt: now,
    ownerId: target,
    collectionIds: new Set(),
    tags: new Set(asset.tags),
  }
  world.assets.add(copied)
  return ok({ asset: toAssetJson(exchange, copied) })
}

/** The formats that a file can be converted to, by kind. */
const formats: Readonly<Record<string, ReadonlyArray<string>>> = {
  image: ["png", "jpeg", "webp", "avif", "tiff"],
  "3d": ["glb", "obj", "fbx"],
}

/** `POST /assets/{assetId}/download`: a fresh link, to another format if the body names one. */
const getLink = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = getAsset(exchange, assetId)
  const format = exchange.getObjectBody()["targetFormat"]
  const { links } = exchange.world
  if (format === undefined) return ok({ url: links.sign(`/assets/${assetId}`) })
  if (typeof format !== "string" || !(formats[asset.spec.kind] ?? []).includes(format)) {
    throw refuse(400, "Invalid target format")
  }
  return ok({ url: `${links.sign(`/assets-transform/${assetId}`)}&format=${format}` })
}

const lock = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = getAsset(exchange, assetId)
  if (readString(exchange.getObjectBody(), "lockExpiresAt") === undefined)
    throw refuse(400, '"lockExpiresAt" must be a string')
  asset.lockId ??= exchange.world.identifiers.next("lock_")
  return ok({ asset: toAssetJson(exchange, asset), lockId: asset.lockId })
}

const unlock = (exchange: Exchange, { assetId = "" }: Parameters): ApiResponse => {
  const asset = getAsset(exchange, assetId)
  const body = exchange.getObjectBody()
  if (body["forceUnlock"] !== true && body["lockId"] !== asset.lockId)
    throw refuse(403, `Asset ${assetId} is locked by another`)
  asset.lockId = undefined
  return ok({ asset: toAssetJson(exchange, asset) })
}

const filterRules = {
  ...pages,
  ...sorting,
  type: "text",
  types: "text",
  modelId: "text",
  tags: "text",
} as const

export const assetRoutes: ReadonlyArray<Route> = [
  get("/assets", list, {
    ...filterRules,
    inferenceId: "text",
    parentAssetId: "text",
    rootAssetId: "text",
    collectionId: "text",
    authorId: "text",
    privacy: ["private", "public", "unlisted"],
  }),
  get("/assets/public", listPublic, filterRules),
  get("/assets/public/:assetId", retrievePublic),
  post("/assets", createAsset),
  post("/assets/get-bulk", bulk),
  post("/assets/download", downloadZip),
  get("/assets/download/:jobId", findZip),
  remove("/assets", erase),
  get("/assets/:assetId", retrieve, { withEmbedding: ["true", "false"] }),
  put("/assets/:assetId", update),
  put("/assets/:assetId/tags", tag),
  put("/assets/:assetId/lock", lock),
  put("/assets/:assetId/unlock", unlock),
  post("/assets/:assetId/copy", copy),
  post("/assets/:assetId/download", getLink),
  get(
    "/assets/:assetId/snapshots",
    (exchange, { assetId = "" }) => {
      getAsset(exchange, assetId)
      return ok({ snapshots: [] })
    },
    pages,
  ),
]
