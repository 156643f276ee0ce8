import * as Predicate from "effect/Predicate"
import { type AssetPreview, readPreview } from "./Asset.ts"
import { finite, nonEmptyText, makeObjectReader, text } from "./readers.ts"

/** A folder of assets and models; one item can be in several. */
export interface Collection {
  readonly collectionId: string
  readonly name?: string | undefined
  readonly assetCount?: number | undefined
  readonly modelCount?: number | undefined
  readonly itemCount?: number | undefined
  readonly thumbnail?: AssetPreview | undefined
  readonly ownerId?: string | undefined
  /** ISO dates. */
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
}

const readWireCollection = makeObjectReader({
  id: nonEmptyText,
  name: text,
  assetCount: finite,
  modelCount: finite,
  itemCount: finite,
  thumbnail: readPreview,
  ownerId: text,
  createdAt: text,
  updatedAt: text,
})

/** Reads a collection; `undefined` if it has no ID. */
export const readCollection = (body: unknown): Collection | undefined => {
  const wire = readWireCollection(body)
  if (wire?.id === undefined) return undefined
  const { id, ...rest } = wire
  return { ...rest, collectionId: id }
}

/** Reads `{ collection }`, which each call about a collection returns. */
export const readCollectionResponse = (body: unknown): Collection | undefined =>
  Predicate.hasProperty(body, "collection") ? readCollection(body.collection) : undefined
