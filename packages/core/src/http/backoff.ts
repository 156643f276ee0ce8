import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** Delays that grow from one attempt to the next. Milliseconds. */
export interface Backoff {
  readonly firstMs: number
  /** The longest delay. */
  readonly maxMs: number
  /** How much longer each delay is than the one before. Default 2. */
  readonly factor?: number
}

/** The delay after this many failures, from 1. Milliseconds. */
export const getBackoffMs = ({ firstMs, maxMs, factor = 2 }: Backoff, failures: number): number =>
  Math.min(maxMs, firstMs * factor ** (failures - 1))

/** The same, up to a fifth shorter or longer, so that clients that failed together don't come back together. */
export const getJitteredMs = (backoff: Backoff, failures: number): Effect.Effect<number> =>
  Effect.map(Random.next, (random) => getBackoffMs(backoff, failures) * getJitter(random))

/** A factor around 1 for a random number between 0 and 1. */
export const getJitter = (random: number): number => 0.8 + 0.4 * random
