import { type ApiResponse, type Exchange, ok } from "../http/Exchange.ts"
import { cutPage } from "../http/cutPage.ts"
import { refuse } from "../http/Refusal.ts"
import { get, pages, post, put, remove, type Route } from "../http/Route.ts"
import { isStringArray, type JsonObject, readString } from "../json.ts"
import type { CollectionRecord } from "../world/CollectionRecord.ts"

type Parameters = Readonly<Record<string, string>>

const toJson = (exchange: Exchange, collection: CollectionRecord): JsonObject => ({
  id: collection.id,
  name: collection.name,
  ownerId: exchange.world.settings.projectId,
  assetCount: collection.assetIds.size,
  modelCount: collection.modelIds.size,
  itemCount: collection.assetIds.size + collection.modelIds.size,
  createdAt: new Date(collection.createdAt).toISOString(),
  updatedAt: new Date(collection.updatedAt).toISOString(),
})

const getCollection = (exchange: Exchange, id: string): CollectionRecord => {
  const collection = exchange.world.collections.get(id)
  if (collection === undefined) throw refuse(404, `Collection ${id} not found`)
  return collection
}

const readName = (exchange: Exchange): string => {
  const name = readString(exchange.getObjectBody(), "name")
  if (name === undefined) throw refuse(400, '"name" must be a string')
  return name
}

const list = (exchange: Exchange): ApiResponse => {
  const page = cutPage(exchange, [...exchange.world.collections.values()], ({ id }) => id, {
    default: 50,
    max: 100,
  })
  return ok({
    collections: page.items.map((entry) => toJson(exchange, entry)),
    nextPaginationToken: page.nextPaginationToken,
  })
}

const create = (exchange: Exchange): ApiResponse => {
  const { world } = exchange
  const now = world.clock.now()
  const collection: CollectionRecord = {
    id: world.identifiers.next("col_"),
    name: readName(exchange),
    assetIds: new Set(),
    modelIds: new Set(),
    createdAt: now,
    updatedAt: now,
  }
  world.collections.set(collection.id, collection)
  return ok({ collection: toJson(exchange, collection) })
}

const rename = (exchange: Exchange, { collectionId = "" }: Parameters): ApiResponse => {
  const collection = getCollection(exchange, collectionId)
  collection.name = readName(exchange)
  collection.updatedAt = exchange.world.clock.now()
  return ok({ collection: toJson(exchange, collection) })
}

const erase = (exchange: Exchange, { collectionId = "" }: Parameters): ApiResponse => {
  getCollection(exchange, collectionId)
  exchange.world.collections.delete(collectionId)
  for (const asset of exchange.world.assets.all()) asset.collectionIds.delete(collectionId)
  return ok({})
}

const change =
  (member: "assetIds" | "modelIds", isAdding: boolean) =>
  (exchange: Exchange, { collectionId = "" }: Parameters): ApiResponse => {
    const collection = getCollection(exchange, collectionId)
    const ids = exchange.getObjectBody()[member]
    if (!isStringArray(ids)) throw refuse(400, `"${member}" must be an array`)
    for (const id of ids) {
      const asset = member === "assetIds" ? exchange.world.assets.find(id) : undefined
      if (member === "assetIds" ? asset === undefined : !exchange.world.models.has(id))
        throw refuse(404, `${id} not found`)
      if (isAdding) {
        collection[member].add(id)
        asset?.collectionIds.add(collectionId)
      } else {
        collection[member].delete(id)
        asset?.collectionIds.delete(collectionId)
      }
    }
    collection.updatedAt = exchange.world.clock.now()
    return ok({ collection: toJson(exchange, collection) })
  }

export const collectionRoutes: ReadonlyArray<Route> = [
  get("/collections", list, pages),
  post("/collections", create),
  get("/collections/:collectionId", (exchange, { collectionId = "" }) =>
    ok({ collection: toJson(exchange, getCollection(exchange, collectionId)) }),
  ),
  put("/collections/:collectionId", rename),
  remove("/collections/:collectionId", erase),
  put("/collections/:collectionId/assets", change("assetIds", true)),
  remove("/collections/:collectionId/assets", change("assetIds", false)),
  put("/collections/:collectionId/models", change("modelIds", true)),
  remove("/collections/:collectionId/models", change("modelIds", false)),
]
