import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { monotonicMillis } from "../monotonic.ts"

/** A transfer that nobody has read from for this long gives its slot to one that waits. Milliseconds. */
const maxIdleMs = 1_000

/** How often a waiting transfer looks for one that has become idle. Milliseconds. */
const checkMs = 250

interface Transfer {
  hasSlot: boolean
  /** Since when its caller asks for no bytes; absent while it does. Monotonic milliseconds. */
  idleSince: number | undefined
}

/** Runs a step of one transfer while the transfer has a slot. */
type WithinSlot = <A, E, R>(step: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * Limits how many transfers go on at once. Each keeps its slot from chunk to chunk, so that a few files come quickly
 * instead of many slowly; but a caller that has stopped reading, and may never go on, holds up no other. What it gives opens
 * a transfer for as long as its scope.
 */
export const transferSlots = (size: number): Effect.Effect<WithinSlot, never, Scope.Scope> => {
  const running = new Set<Transfer>()
  let waiting: ReadonlyArray<{ readonly transfer: Transfer; readonly turn: Deferred.Deferred<void> }> = []

  const findIdlest = (now: number): Transfer | undefined => {
    let idlest: Transfer | undefined
    for (const transfer of running) {
      const { idleSince = Infinity } = transfer
      if (now - idleSince >= maxIdleMs && idleSince < (idlest?.idleSince ?? Infinity)) idlest = transfer
    }
    return idlest
  }

  const release = (transfer: Transfer) => {
    transfer.hasSlot = false
    running.delete(transfer)
  }

  /** Takes a free slot, or that of the transfer which is idle for longest. */
  const take = (transfer: Transfer, now: number): boolean => {
    const idlest = running.size < size ? undefined : findIdlest(now)
    if (idlest !== undefined) release(idlest)
    if (running.size >= size) return false
    running.add(transfer)
    transfer.hasSlot = true
    return true
  }

  /** Gives slots to those that wait, in the order in which they came. */
  const serve = (now: number) => {
    for (let first = waiting[0]; first !== undefined && take(first.transfer, now); first = waiting[0]) {
      waiting = waiting.slice(1)
      Deferred.doneUnsafe(first.turn, Effect.void)
    }
  }

  const wait = (transfer: Transfer) =>
    Effect.gen(function* () {
      const place = { transfer, turn: Deferred.makeUnsafe<void>() }
      waiting = [...waiting, place]
      const turn = Effect.gen(function* () {
        while (!transfer.hasSlot) {
          yield* Effect.timeoutOption(Deferred.await(place.turn), checkMs)
          serve(yield* monotonicMillis)
        }
      })
      const leave = Effect.sync(() => {
        waiting = waiting.filter((other) => other !== place)
      })
      yield* Effect.ensuring(turn, leave)
    })

  const begin = (transfer: Transfer) =>
    Effect.flatMap(monotonicMillis, (now) => {
      transfer.idleSince = undefined
      const hasSlot = transfer.hasSlot || (waiting.length === 0 && take(transfer, now))
      return hasSlot ? Effect.void : wait(transfer)
    })

  const pause = (transfer: Transfer) =>
    Effect.map(monotonicMillis, (now) => {
      transfer.idleSince = now
    })

  return Effect.acquireRelease(
    Effect.sync((): Transfer => ({ hasSlot: false, idleSince: undefined })),
    (transfer) =>
      Effect.map(monotonicMillis, (now) => {
        release(transfer)
        serve(now)
      }),
  ).pipe(
    Effect.map(
      (transfer): WithinSlot =>
        (step) =>
          Effect.ensuring(Effect.andThen(begin(transfer), step), pause(transfer)),
    ),
  )
}
