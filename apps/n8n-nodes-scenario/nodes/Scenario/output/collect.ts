import { Effect, Stream } from "effect"
import type { IDataObject } from "n8n-workflow"
import type { Item } from "../Item.ts"
import type { ItemResult } from "../Operation.ts"

/** A list as items: all of it, or as far as the item's limit; no page beyond it is requested. */
export const collect = <A, E, R>(
  item: Item,
  list: Stream.Stream<A, E, R>,
  json: (entry: A) => IDataObject,
): Effect.Effect<ReadonlyArray<ItemResult>, E, R> => {
  const { limit } = item
  return Stream.runCollect(limit === undefined ? list : Stream.take(list, limit)).pipe(
    Effect.map((entries) => entries.map((entry): ItemResult => ({ json: json(entry) }))),
  )
}
