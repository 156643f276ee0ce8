import { Option, Predicate, Schema } from "effect"
import type { AssetPreview } from "./Asset.ts"
import { lenient, OptionalNumber, OptionalString, OptionalText } from "./lenient.ts"

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

const WireCollection = Schema.Struct({
  id: OptionalText,
  name: OptionalString,
  assetCount: OptionalNumber,
  modelCount: OptionalNumber,
  itemCount: OptionalNumber,
  thumbnail: lenient(Schema.Struct({ assetId: OptionalString, url: Schema.NonEmptyString })),
  ownerId: OptionalString,
  createdAt: OptionalString,
  updatedAt: OptionalString,
})

const decodeWireCollection = Schema.decodeUnknownOption(WireCollection)

/** Reads a collection from the API's JSON; `undefined` where it is none (no object, no id). */
export const readCollection = (body: unknown): Collection | undefined => {
  const wire = Option.getOrUndefined(decodeWireCollection(body))
  if (wire?.id === undefined) return undefined
  const { id, ...rest } = wire
  return { ...rest, collectionId: id }
}

/** Reads the `{ collection }` of every call about one. */
export const readCollectionAnswer = (body: unknown): Collection | undefined =>
  Predicate.hasProperty(body, "collection") ? readCollection(body.collection) : undefined
