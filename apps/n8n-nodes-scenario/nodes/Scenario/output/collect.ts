import { Effect, Stream } from "effect"
import type { IDataObject } from "n8n-workflow"
import type { Item } from "../Item.ts"
import type { ItemResult } from "../Operation.ts"

/** Collects a list up to the item's limit; pages beyond it are not requested. */
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
