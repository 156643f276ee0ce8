import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Deadline, monotonicMillis } from "../utils/monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import type { RequestPurpose } from "./ApiCall.ts"
import { chooseNext, priority } from "./requestPriority.ts"

/** The budget could not admit a request before its deadline. The request was not sent. */
export class TurnTooLate extends Data.TaggedError("TurnTooLate") {}

/** Limits the requests of one account: how many a minute, and how many at once. Every request passes through it. */
export class RequestBudget extends Context.Service<
  RequestBudget,
  {
    /**
     * Runs a request as soon as the budget allows. Fails with `TurnTooLate`, without running it, if that isn't before the
     * deadline (default: none).
     */
    spend<A, E, R>(
      purpose: RequestPurpose,
      request: Effect.Effect<A, E, R>,
      deadline?: Deadline,
    ): Effect.Effect<A, E | TurnTooLate, R>
    /**
     * Reacts to a 429 for too many requests: halves the budget, and pauses for `retryAfterMs`. Requests that were in flight
     * together halve it only once. `sentAt` is when the refused request was sent, in monotonic milliseconds.
     */
    slowDown(refusal: {
      readonly sentAt: number
      readonly retryAfterMs: number | undefined
    }): Effect.Effect<void>
  }
>()("@scenario-automation/core/RequestBudget") {
  /** @internal */
  static readonly layer: Layer.Layer<RequestBudget, never, ScenarioConfig> = Layer.effect(
    RequestBudget,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const { requestsPerMinute, requestsInFlight } = yield* ScenarioConfig
  const fullLimit = Math.max(1, Math.floor(requestsPerMinute))
  let begun: Array<number> = []
  /** The purpose of each request in `begun`. */
  let purposes: Array<RequestPurpose> = []
  let inFlight = 0
  let slowed: { readonly limit: number; readonly at: number } | undefined
  let pausedUntil = 0
  let waiters: Array<Waiter> = []
  let isPumping = false

  /** After a 429, 5% of the full limit is restored every ten seconds. */
  const getLimit = (now: number): number => {
    if (slowed === undefined) return fullLimit
    const recovered = slowed.limit + (fullLimit / 20) * Math.floor((now - slowed.at) / 10_000)
    return Math.max(1, Math.min(fullLimit, Math.floor(recovered)))
  }

  /** One of each 100 requests is reserved for cancels. */
  const getLimitFor = (purpose: RequestPurpose, now: number): number => {
    const limit = getLimit(now)
    return purpose === "cancel" ? limit : limit - Math.floor(limit / 100)
  }

  /** Cancels have extra slots, because the requests that fill the others may hang. */
  const hasSlot = (purpose: RequestPurpose): boolean =>
    inFlight < requestsInFlight + (purpose === "cancel" ? extraSlotsForCancels : 0)

  const getDelay = (now: number, purpose: RequestPurpose): number => {
    const firstKept = begun.findIndex((at) => at > now - budgetWindowMs)
    if (firstKept !== 0) begun = firstKept === -1 ? [] : begun.slice(firstKept)
    purposes = begun.length === purposes.length ? purposes : purposes.slice(purposes.length - begun.length)
    const limit = getLimitFor(purpose, now)
    // A cancel isn't spread over the minute.
    const isImmediate = purpose === "cancel" && begun.length < limit
    const delay = Math.max(pausedUntil - now, isImmediate ? 0 : getRequestDelay({ begun, limit, now }))
    // Rounded up, because sleeping for a fraction of a millisecond would loop without waiting.
    return Math.ceil(delay)
  }

  const countUsed = (purpose: RequestPurpose) => purposes.filter((other) => other === purpose).length

  const begin = (now: number, purpose: RequestPurpose) => {
    begun.push(now)
    purposes.push(purpose)
    inFlight += 1
  }

  const pump = Effect.gen(function* () {
    while (true) {
      const first = waiters[0]?.purpose
      if (first === undefined || !hasSlot(first)) break
      const now = yield* monotonicMillis
      const delay = getDelay(now, first)
      if (delay > 0) {
        yield* Effect.sleep(delay)
        continue
      }
      const next = chooseNext(waiters, countUsed, getLimit(now))
      if (next === undefined) break
      waiters = waiters.filter((other) => other !== next)
      begin(now, next.purpose)
      yield* Deferred.succeed(next.turn, undefined)
    }
  }).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        isPumping = false
      }),
    ),
  )

  const startPump = Effect.suspend(() => {
    const first = waiters[0]?.purpose
    if (isPumping || first === undefined || !hasSlot(first)) return Effect.void
    isPumping = true
    // Detached from the services' scope, because a submit that was sent continues after they close.
    return Effect.asVoid(Effect.forkDetach(pump))
  })

  const release = Effect.suspend(() => {
    inFlight -= 1
    return startPump
  })

  const enqueue = (purpose: RequestPurpose): Waiter => {
    const waiter: Waiter = { purpose, turn: Deferred.makeUnsafe() }
    const index = waiters.findIndex((other) => priority[other.purpose] > priority[purpose])
    waiters.splice(index === -1 ? waiters.length : index, 0, waiter)
    return waiter
  }

  /** Removes a waiter from the queue, or releases its slot if it was already admitted. */
  const leave = (waiter: Waiter) =>
    Effect.suspend(() => {
      if (!waiters.includes(waiter)) return release
      waiters = waiters.filter((other) => other !== waiter)
      return Effect.void
    })

  const spend = <A, E, R>(
    purpose: RequestPurpose,
    request: Effect.Effect<A, E, R>,
    deadline: Deadline = Infinity,
  ): Effect.Effect<A, E | TurnTooLate, R> =>
    // Only the wait and the request are interruptible, so that a slot is always released.
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const now = yield* monotonicMillis
        if (now >= deadline) return yield* new TurnTooLate()
        const isFirst = waiters.length === 0 || (purpose === "cancel" && waiters[0]?.purpose !== "cancel")
        if (isFirst && hasSlot(purpose) && getDelay(now, purpose) <= 0) begin(now, purpose)
        else {
          const waiter = enqueue(purpose)
          yield* startPump
          const turn = Deferred.await(waiter.turn)
          const inTime =
            deadline === Infinity
              ? turn
              : Effect.timeoutOrElse(turn, {
                  duration: deadline - now,
                  orElse: () => Effect.fail(new TurnTooLate()),
                })
          yield* restore(inTime).pipe(Effect.onError(() => leave(waiter)))
          // After the machine has slept, the deadline may have passed before the timeout fires.
          if (deadline !== Infinity && (yield* monotonicMillis) >= deadline) {
            yield* release
            return yield* new TurnTooLate()
          }
        }
        return yield* restore(request).pipe(Effect.ensuring(release))
      }),
    )

  return RequestBudget.of({
    spend,
    slowDown: ({ sentAt, retryAfterMs }) =>
      Effect.map(monotonicMillis, (now) => {
        pausedUntil = Math.max(pausedUntil, now + Math.min(retryAfterMs ?? 1_000, maxPauseMs))
        const isSameWave = slowed !== undefined && sentAt <= slowed.at
        if (!isSameWave) slowed = { limit: Math.max(1, getLimit(now) / 2), at: now }
      }),
  })
})

interface Waiter {
  readonly purpose: RequestPurpose
  readonly turn: Deferred.Deferred<void>
}

/** Cancels in flight beyond the limit. */
const extraSlotsForCancels = 2

/** A request for a longer pause is reported as an error instead of awaited. Milliseconds. */
export const maxPauseMs = 60_000

/** The period over which Scenario counts requests: a minute, plus a second for the time that responses travel. */
export const budgetWindowMs = 61_000

/**
 * How long to delay the next request, in milliseconds. Requests are sent at once until a third of the budget is used. The
 * rest is spread evenly, so that a burst isn't followed by a minute without requests. At most `limit` requests begin in
 * any window.
 */
export const getRequestDelay = (budget: {
  /** When the requests of the last window began: ascending monotonic milliseconds. */
  readonly begun: ReadonlyArray<number>
  readonly limit: number
  readonly now: number
}): number => {
  const { begun, limit, now } = budget
  const oldest = begun[0]
  const latest = begun.at(-1)
  if (oldest === undefined || latest === undefined || begun.length < Math.max(1, limit / 3)) return 0
  if (begun.length >= limit) {
    // The limit was just halved, so more requests than it allows are in the window. This one must leave it first.
    const lastToLeave = begun[begun.length - limit] ?? oldest
    return Math.max(0, lastToLeave + budgetWindowMs - now)
  }
  const untilOldestLeaves = oldest + budgetWindowMs - now
  const gap = Math.max(budgetWindowMs / limit, untilOldestLeaves / (limit - begun.length))
  return Math.max(0, latest + gap - now)
}
