import * as Effect from "effect/Effect"

/** Processes the distinct elements of a list in batches, one after another, until one fails. */
export const inBatches = <A, B, E>(
  list: ReadonlyArray<A>,
  size: number,
  work: (batch: ReadonlyArray<A>) => Effect.Effect<B, E>,
): Effect.Effect<ReadonlyArray<B>, E> => {
  const unique = [...new Set(list)]
  const batches = Array.from({ length: Math.ceil(unique.length / size) }, (_, index) =>
    unique.slice(index * size, (index + 1) * size),
  )
  return Effect.forEach(batches, work)
}
