import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Asset } from "../api/Asset.ts"
import type { ApiError } from "../errors.ts"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { monotonicMillis } from "../monotonic.ts"
import { WakeableSleep } from "../watch/WakeableSleep.ts"
import { readMany, readOne } from "./readAssets.ts"

/** The API's limit of `POST /assets/get-bulk`. */
const maxBatch = 200

const gatherMsPerAsset = 40
const maxGatherMs = 2_000
const recentMs = 10_000

/** An asset that callers wait for. */
interface Asked {
  readonly answered: Deferred.Deferred<Asset, ApiError>
  callers: number
}

/** Reads single assets, which concurrent callers ask for, by few requests. */
export const gatherAssets = (
  http: ScenarioHttp["Service"],
): ((assetId: string) => Effect.Effect<Asset, ApiError>) => {
  const asked = new Map<string, Asked>()
  /** Ends the gathering of a batch that is full. */
  const full = new WakeableSleep()
  let latestBatchAt = 0
  /** Assets asked for of late: each counts for less as time goes by. */
  let recent = 0

  const noteBatch = (size: number) =>
    Effect.map(monotonicMillis, (now) => {
      recent = size + recent * Math.exp(Math.min(0, latestBatchAt - now) / recentMs)
      latestBatchAt = now
    })

  /** The more were asked for of late, the longer a batch gathers: a fleet ends by the dozen, a single job at once. */
  const gather = Effect.gen(function* () {
    const pause = latestBatchAt + Math.min(maxGatherMs, recent * gatherMsPerAsset) - (yield* monotonicMillis)
    // At least one turn of the event loop: what is asked for together is found together.
    if (pause > 0) yield* full.sleep(Math.min(Math.ceil(pause), maxGatherMs))
    else yield* Effect.yieldNow
  })

  /** Answers what was asked for until now, the oldest first. */
  const answer: Effect.Effect<void> = Effect.gen(function* () {
    yield* gather
    const batch = [...asked].slice(0, maxBatch)
    for (const [assetId] of batch) asked.delete(assetId)
    const [first] = batch
    if (first === undefined) return
    const assetIds = batch.map(([assetId]) => assetId)
    yield* noteBatch(batch.length)
    if (asked.size > 0) yield* Effect.forkDetach(answer)
    const read =
      batch.length === 1
        ? Effect.map(Effect.exit(readOne(http, first[0])), (exit) => [exit])
        : readMany(http, assetIds)
    const exits = yield* Effect.exit(read)
    for (const [index, [, { answered }]] of batch.entries()) {
      Deferred.doneUnsafe(
        answered,
        Exit.isSuccess(exits) ? (exits.value[index] ?? unanswered) : Exit.failCause(exits.cause),
      )
    }
  })

  return (assetId) =>
    Effect.suspend(() => {
      const known = asked.get(assetId)
      const one = known ?? { answered: Deferred.makeUnsafe<Asset, ApiError>(), callers: 0 }
      one.callers += 1
      asked.set(assetId, one)
      if (asked.size >= maxBatch) full.wake()
      const begun = known === undefined && asked.size === 1 ? Effect.forkDetach(answer) : Effect.void
      return Effect.andThen(begun, Deferred.await(one.answered)).pipe(
        Effect.onInterrupt(() =>
          Effect.sync(() => {
            one.callers -= 1
            if (one.callers === 0 && asked.get(assetId) === one) asked.delete(assetId)
          }),
        ),
      )
    })
}

const unanswered = Exit.die(new Error("an asset was left unanswered"))
