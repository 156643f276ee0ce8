import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { monotonicMillis } from "../utils/monotonic.ts"

/** At most this many downloads transfer bytes at once. A download that its caller doesn't read doesn't count. */
export const maxConcurrentDownloads = 4

/**
 * Limits how many transfers run at once. A transfer keeps its slot between chunks, so that a few files finish quickly
 * instead of many slowly. It loses its slot when its caller stops reading, so that it doesn't block the others. The
 * returned effect starts a transfer, which ends with its scope.
 */
export const makeTransferSlots = (size: number): Effect.Effect<WithinSlot, never, Scope.Scope> => {
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

  /** Takes a free slot, or else the slot of the transfer that has been idle the longest. */
  const take = (transfer: Transfer, now: number): boolean => {
    const idlest = running.size < size ? undefined : findIdlest(now)
    if (idlest !== undefined) release(idlest)
    if (running.size >= size) return false
    running.add(transfer)
    transfer.hasSlot = true
    return true
  }

  /** Gives slots to the waiting transfers, in order. */
  const serve = (now: number) => {
    for (let first = waiting[0]; first !== undefined && take(first.transfer, now); first = waiting[0]) {
      waiting = waiting.slice(1)
      Deferred.doneUnsafe(first.turn, Effect.void)
    }
  }

  const wait = (transfer: Transfer) =>
    Effect.gen(function* () {
      const waiter = { transfer, turn: Deferred.makeUnsafe<void>() }
      waiting = [...waiting, waiter]
      const turn = Effect.gen(function* () {
        while (!transfer.hasSlot) {
          yield* Effect.timeoutOption(Deferred.await(waiter.turn), checkMs)
          serve(yield* monotonicMillis)
        }
      })
      const leave = Effect.sync(() => {
        waiting = waiting.filter((other) => other !== waiter)
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

/** A transfer that was not read from for this long can lose its slot. Milliseconds. */
const maxIdleMs = 1_000

/** How often a waiting transfer looks for an idle one. Milliseconds. */
const checkMs = 250

interface Transfer {
  hasSlot: boolean
  /** When its caller stopped reading, in monotonic milliseconds. `undefined` while it reads. */
  idleSince: number | undefined
}

/** Runs a step of a transfer while the transfer has a slot. */
type WithinSlot = <A, E, R>(step: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
