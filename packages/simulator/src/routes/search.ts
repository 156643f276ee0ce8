import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { refuse } from "../http/Refusal.ts"
import { post, type Route } from "../http/Route.ts"
import { type JsonObject, readNumber, readString, readStrings } from "../json.ts"
import type { AssetRecord } from "../world/AssetRecord.ts"
import { toModelJson } from "./models.ts"

const known: ReadonlySet<string> = new Set([
  "query",
  "filter",
  "image",
  "images",
  "public",
  "sortBy",
  "limit",
  "offset",
  "page",
  "hitsPerPage",
  "querySemanticRatio",
  "imageSemanticRatio",
])

interface SearchEntry {
  readonly text: string
  readonly isPublic: boolean
  readonly createdAt: number
  readonly hit: JsonObject
  /** The values that `filter` can compare. */
  readonly facets: Readonly<Record<string, string | undefined>>
}

const search = (exchange: Exchange, everything: ReadonlyArray<SearchEntry>): ApiResponse => {
  const body = exchange.getObjectBody()
  for (const name of Object.keys(body))
    if (!known.has(name)) exchange.addViolation(`"${name}" is not allowed`)
  if (["query", "filter", "image", "images"].every((name) => body[name] === undefined)) {
    throw refuse(400, 'At least one of "query", "filter", "image", "images" is required')
  }
  const words = (readString(body, "query") ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
  const filter = readString(body, "filter") ?? ""
  const sign = readStrings(body, "sortBy").includes("createdAt:asc") ? 1 : -1
  const hits = everything
    .filter((entry) => entry.isPublic === (body["public"] === true))
    .filter(
      (entry) =>
        words.every((word) => entry.text.toLowerCase().includes(word)) && matchesFilter(filter, entry),
    )
    .toSorted((a, b) => sign * (a.createdAt - b.createdAt))
    .map((entry) => entry.hit)
  return ok(
    readNumber(body, "page") === undefined && readNumber(body, "hitsPerPage") === undefined
      ? cutByOffset(body, hits)
      : cutByPage(body, hits),
  )
}

/** Supports `name = "value"`, joined by AND. Other comparisons match everything. */
const matchesFilter = (filter: string, entry: SearchEntry): boolean =>
  filter.split(/\s+AND\s+/i).every((clause) => {
    const [, name = "", value = ""] = /^\s*([\w.]+)\s*=\s*['"]?([^'"]*)['"]?\s*$/.exec(clause) ?? []
    return name === "" || !(name in entry.facets) || entry.facets[name] === value
  })

const readSize = (body: JsonObject, name: string, fallback: number): number => {
  const size = readNumber(body, name) ?? fallback
  if (size < 1 || size > 100) throw refuse(400, `"${name}" must be between 1 and 100`)
  return size
}

const cutByOffset = (body: JsonObject, hits: ReadonlyArray<JsonObject>): JsonObject => {
  const limit = readSize(body, "limit", 20)
  const offset = readNumber(body, "offset") ?? 0
  return { hits: hits.slice(offset, offset + limit), limit, offset, estimatedTotalHits: hits.length }
}

const cutByPage = (body: JsonObject, hits: ReadonlyArray<JsonObject>): JsonObject => {
  const hitsPerPage = readSize(body, "hitsPerPage", 20)
  const page = Math.max(1, readNumber(body, "page") ?? 1)
  const start = (page - 1) * hitsPerPage
  return {
    hits: hits.slice(start, start + hitsPerPage),
    page,
    hitsPerPage,
    totalHits: hits.length,
    totalPages: Math.ceil(hits.length / hitsPerPage),
    // The contract requires these two as well.
    limit: hitsPerPage,
    offset: start,
  }
}

/** A search hit has fewer members than an asset, as documented. */
const toAssetHit = (exchange: Exchange, asset: AssetRecord): JsonObject => {
  const {
    status: _status,
    properties: _properties,
    metadata,
    ...whole
  } = exchange.world.assets.toJson(asset, exchange.isOn("originalAssets"))
  return {
    id: whole["id"],
    url: whole["url"],
    mimeType: whole["mimeType"],
    privacy: whole["privacy"],
    authorId: whole["authorId"],
    ownerId: whole["ownerId"],
    teamId: "team_simulated0team",
    createdAt: whole["createdAt"],
    updatedAt: whole["updatedAt"],
    tags: whole["tags"],
    collectionIds: whole["collectionIds"],
    nsfw: [],
    thumbnail: whole["thumbnail"],
    description: whole["description"],
    metadata,
    score: 1,
  }
}

const searchAssets = (exchange: Exchange): ApiResponse =>
  search(
    exchange,
    exchange.world.assets.all().map((asset) => ({
      text: `${asset.spec.prompt} ${asset.name ?? ""} ${asset.spec.label}`,
      isPublic: asset.isPublic,
      createdAt: asset.createdAt,
      hit: toAssetHit(exchange, asset),
      facets: {
        modelId: asset.modelId,
        "metadata.modelId": asset.modelId,
        kind: asset.spec.kind,
        authorId: asset.authorId,
      },
    })),
  )

const searchModels = (exchange: Exchange): ApiResponse =>
  search(
    exchange,
    [...exchange.world.models.values()].map((model) => ({
      text: `${model.name} ${model.shortDescription} ${model.id}`,
      isPublic: model.privacy === "public",
      createdAt: 0,
      hit: {
        ...toModelJson(exchange, model, "search"),
        teamId: "team_simulated0team",
        score: 1,
        concepts: [],
      },
      facets: { type: model.type, id: model.id },
    })),
  )

export const searchRoutes: ReadonlyArray<Route> = [
  post("/search/assets", searchAssets),
  post("/search/models", searchModels, { originalModels: ["true", "false"] }),
]
