import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { maxReadAssets } from "../api/limits.ts"
import type { Asset } from "../api/Asset.ts"
import type { ApiError } from "../errors.ts"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { monotonicMillis } from "../utils/monotonic.ts"
import { WakeableSleep } from "../utils/WakeableSleep.ts"
import { readMany, readOne } from "./readAssets.ts"

/** Returns a function that reads one asset. It combines concurrent calls into a few requests. */
export const batchReads = (
  http: ScenarioHttp["Service"],
): ((assetId: string) => Effect.Effect<Asset, ApiError>) => {
  const pending = new Map<string, PendingRead>()
  /** Sends a batch early when it is full. */
  const collecting = new WakeableSleep()
  let latestBatchAt = 0
  /** Recently read assets, each weighted less the longer ago it was. */
  let recent = 0

  const noteBatch = (size: number) =>
    Effect.map(monotonicMillis, (now) => {
      recent = size + recent * Math.exp(Math.min(0, latestBatchAt - now) / recentMs)
      latestBatchAt = now
    })

  /** Waits longer the more assets were read recently: not at all for one job, but for the many jobs of a fleet. */
  const collect = Effect.gen(function* () {
    const delay =
      latestBatchAt + Math.min(maxCollectMs, recent * collectMsPerAsset) - (yield* monotonicMillis)
    // At least one turn of the event loop, so that simultaneous calls share a batch.
    if (delay > 0) yield* collecting.sleep(Math.min(Math.ceil(delay), maxCollectMs))
    else yield* Effect.yieldNow
  })

  /** Sends the oldest pending reads as one request. */
  const sendBatch: Effect.Effect<void> = Effect.gen(function* () {
    yield* collect
    const batch = [...pending].slice(0, maxReadAssets)
    for (const [assetId] of batch) pending.delete(assetId)
    const [first] = batch
    if (first === undefined) return
    const assetIds = batch.map(([assetId]) => assetId)
    yield* noteBatch(batch.length)
    if (pending.size > 0) yield* Effect.forkDetach(sendBatch)
    const read =
      batch.length === 1
        ? Effect.map(Effect.exit(readOne(http, first[0])), (exit) => [exit])
        : readMany(http, assetIds)
    const exits = yield* Effect.exit(read)
    for (const [index, [, { result }]] of batch.entries()) {
      Deferred.doneUnsafe(
        result,
        Exit.isSuccess(exits) ? (exits.value[index] ?? missingResult) : Exit.failCause(exits.cause),
      )
    }
  })

  return (assetId) =>
    Effect.suspend(() => {
      const known = pending.get(assetId)
      const read = known ?? { result: Deferred.makeUnsafe<Asset, ApiError>(), callers: 0 }
      read.callers += 1
      pending.set(assetId, read)
      if (pending.size >= maxReadAssets) collecting.wake()
      const isFirst = known === undefined && pending.size === 1
      const start = isFirst ? Effect.forkDetach(sendBatch) : Effect.void
      return Effect.andThen(start, Deferred.await(read.result)).pipe(
        Effect.onInterrupt(() =>
          Effect.sync(() => {
            read.callers -= 1
            if (read.callers === 0 && pending.get(assetId) === read) pending.delete(assetId)
          }),
        ),
      )
    })
}

const collectMsPerAsset = 40
const maxCollectMs = 2_000
const recentMs = 10_000

/** A read that callers wait for. */
interface PendingRead {
  readonly result: Deferred.Deferred<Asset, ApiError>
  callers: number
}

const missingResult = Exit.die(new Error("a batch has no result for an asset"))
