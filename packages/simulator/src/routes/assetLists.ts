import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { cutPage } from "../http/cutPage.ts"
import { refuse } from "../http/Refusal.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"
import { toAssetJson } from "./toAssetJson.ts"

export const list = (exchange: Exchange): ApiResponse => {
  const privacy = exchange.query.get("privacy")
  const ownerId = exchange.world.settings.projectId
  return listMatching(
    exchange,
    (asset) =>
      asset.ownerId === ownerId &&
      !asset.isHidden &&
      (privacy === null || (privacy === "public") === asset.isPublic),
  )
}

export const listPublic = (exchange: Exchange): ApiResponse =>
  listMatching(exchange, (asset) => asset.isPublic)

const listMatching = (exchange: Exchange, isIn: (asset: AssetRecord) => boolean): ApiResponse => {
  const sortBy = exchange.query.get("sortBy") ?? "createdAt"
  const time = (asset: AssetRecord) => (sortBy === "updatedAt" ? asset.updatedAt : asset.createdAt)
  const sign = exchange.query.get("sortDirection") === "asc" ? 1 : -1
  checkDates(exchange, sortBy)
  const assets = exchange.world.assets
    .all()
    .filter((asset) => isIn(asset) && matches(exchange, asset))
    .toReversed()
    .toSorted((a, b) => sign * (time(a) - time(b)))
  const page = cutPage(exchange, assets, (asset) => asset.id, { default: 50, max: 100 })
  return ok({
    assets: page.items.map((asset) => toAssetJson(exchange, asset)),
    nextPaginationToken: page.nextPaginationToken,
  })
}

const dateNames = ["createdAfter", "createdBefore", "updatedAfter", "updatedBefore"]

/** A date filter requires sorting by the same date, as documented. */
const checkDates = (exchange: Exchange, sortBy: string): void => {
  for (const name of dateNames) {
    const value = exchange.query.get(name)
    if (value === null) continue
    if (Number.isNaN(Date.parse(value))) throw refuse(400, `"${name}" must be a valid ISO date`)
    if (!name.startsWith(sortBy.replace("At", "")) || !exchange.query.has("sortBy")) {
      throw refuse(
        400,
        `"${name}" needs "sortBy" to be "${name.startsWith("created") ? "createdAt" : "updatedAt"}"`,
      )
    }
  }
}

const matches = (exchange: Exchange, asset: AssetRecord): boolean => {
  const { query, world } = exchange
  const is = (name: string, value: string | undefined) => !query.has(name) || query.get(name) === value
  const types = query.get("types")?.split(",") ?? (query.has("type") ? [query.get("type")] : undefined)
  const tags = query.get("tags")?.split(",") ?? []
  const collectionId = query.get("collectionId")
  const after = (name: string, time: number) => time > Date.parse(query.get(name) ?? "1970-01-01")
  const before = (name: string, time: number) => !query.has(name) || time < Date.parse(query.get(name) ?? "")
  return (
    (types === undefined || types.includes(asset.metadataType)) &&
    is("modelId", asset.modelId) &&
    is("inferenceId", asset.inferenceId) &&
    is("parentAssetId", asset.parentId) &&
    is("rootAssetId", world.assets.findRoot(asset)) &&
    is("authorId", asset.authorId) &&
    (collectionId === null || asset.collectionIds.has(collectionId)) &&
    tags.every((tag) => asset.tags.has(tag)) &&
    after("createdAfter", asset.createdAt) &&
    before("createdBefore", asset.createdAt) &&
    after("updatedAfter", asset.updatedAt) &&
    before("updatedBefore", asset.updatedAt)
  )
}
