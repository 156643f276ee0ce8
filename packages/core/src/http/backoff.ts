import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** Delays that grow with each failure. Milliseconds. */
export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
  /** Each delay divided by the previous one. Default 2. */
  readonly factor?: number
}

/** For a read, a download, or a part of an upload that failed. */
export const readBackoff: Backoff = { firstMs: 500, maxMs: 20_000 }

/** A read is retried at most this often, and no later than this after its first attempt. */
export const maxReadRetries = 5
export const maxReadTime = "3 minutes"

/** For a call that must not be accepted twice, after it was certainly not accepted. */
export const queueBackoff: Backoff = { firstMs: 1_000, maxMs: 10_000, factor: 1.7 }
export const maxQueueTime = "1 minute"

/** The delay after this many failures, at least 1. Milliseconds. */
export const getBackoffMs = ({ firstMs, maxMs, factor = 2 }: Backoff, failures: number): number =>
  Math.min(maxMs, firstMs * factor ** (failures - 1))

/** The same, up to 20% shorter or longer, so that clients that failed together don't retry together. */
export const getJitteredMs = (backoff: Backoff, failures: number): Effect.Effect<number> =>
  Effect.map(Random.next, (random) => getBackoffMs(backoff, failures) * getJitter(random))

/** Maps a random number between 0 and 1 to a factor between 0.8 and 1.2. */
export const getJitter = (random: number): number => 0.8 + 0.4 * random
