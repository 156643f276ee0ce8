import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Deadline, monotonicMillis } from "../monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import type { RequestPurpose } from "./ApiCall.ts"
import { nextInLine, precedence } from "./requestShares.ts"

/** Over which Scenario counts requests, in milliseconds; a second more than a minute, since answers travel. */
export const budgetWindowMs = 61_000

/**
 * How long to hold the next request back, in milliseconds. Requests go at once while less than a third of the
 * budget is used; from there the rest is spread evenly, so that a burst is not followed by a minute of silence.
 * Never more than `limit` requests begin in any window.
 */
export const delayBeforeRequest = (budget: {
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
    // A budget that was just cut has more behind it than it allows: so many of them must leave the window first.
    const lastToLeave = begun[begun.length - limit] ?? oldest
    return Math.max(0, lastToLeave + budgetWindowMs - now)
  }
  const untilOldestLeaves = oldest + budgetWindowMs - now
  const gap = Math.max(budgetWindowMs / limit, untilOldestLeaves / (limit - begun.length))
  return Math.max(0, latest + gap - now)
}

/** A request whose turn would come after its deadline. It was not sent. */
export class TurnTooLate extends Data.TaggedError("TurnTooLate") {}

/** What one account may ask of the API: requests a minute, and requests at once. Every request goes through it. */
export class RequestBudget extends Context.Service<
  RequestBudget,
  {
    /**
     * Runs a request once the account may make one. Fails with `TurnTooLate`, without running it, if that isn't before
     * `deadline` (monotonic milliseconds, default none). An interrupted caller gives its place back.
     */
    spend<A, E, R>(
      purpose: RequestPurpose,
      request: Effect.Effect<A, E, R>,
      deadline?: Deadline,
    ): Effect.Effect<A, E | TurnTooLate, R>
    /**
     * Reacts to a 429 by rate: halves the budget and pauses for `retryAfterMs`. The refusals of requests that were
     * under way together are one wave and halve it once: `sentAt` says when the refused request was sent (monotonic
     * milliseconds).
     */
    slowDown(refusal: {
      readonly sentAt: number
      readonly retryAfterMs: number | undefined
    }): Effect.Effect<void>
  }
>()("@scenario-automation/core/RequestBudget") {
  static readonly layer: Layer.Layer<RequestBudget, never, ScenarioConfig> = Layer.effect(
    RequestBudget,
    Effect.suspend(() => make),
  )
}

interface Waiter {
  readonly purpose: RequestPurpose
  readonly turn: Deferred.Deferred<void>
}

const make = Effect.gen(function* () {
  const { requestsPerMinute, requestsInFlight } = yield* ScenarioConfig
  const fullLimit = Math.max(1, Math.floor(requestsPerMinute))
  let begun: Array<number> = []
  /** What each of them was made for. */
  let purposes: Array<RequestPurpose> = []
  let inFlight = 0
  let slowed: { readonly limit: number; readonly at: number } | undefined
  let pausedUntil = 0
  let waiters: Array<Waiter> = []
  let isPumping = false

  /** A twentieth of the full limit comes back every ten seconds. */
  const limitAt = (now: number): number => {
    if (slowed === undefined) return fullLimit
    const recovered = slowed.limit + (fullLimit / 20) * Math.floor((now - slowed.at) / 10_000)
    return Math.max(1, Math.min(fullLimit, Math.floor(recovered)))
  }

  /** What a request of that purpose may use: of each 100 requests one stays free for cancels, which also go first. */
  const limitFor = (purpose: RequestPurpose, now: number): number => {
    const limit = limitAt(now)
    return purpose === "cancel" ? limit : limit - Math.floor(limit / 100)
  }

  /** A cancel goes even if other requests fill all places, because one of them may hang. */
  const hasPlace = (purpose: RequestPurpose): boolean =>
    inFlight < requestsInFlight + (purpose === "cancel" ? placesForCancels : 0)

  const delayAt = (now: number, purpose: RequestPurpose): number => {
    const firstKept = begun.findIndex((at) => at > now - budgetWindowMs)
    if (firstKept !== 0) begun = firstKept === -1 ? [] : begun.slice(firstKept)
    purposes = begun.length === purposes.length ? purposes : purposes.slice(purposes.length - begun.length)
    const limit = limitFor(purpose, now)
    // Only what is left of the budget holds a cancel back: it is not spread over the minute.
    const isFree = purpose === "cancel" && begun.length < limit
    const delay = Math.max(pausedUntil - now, isFree ? 0 : delayBeforeRequest({ begun, limit, now }))
    // In whole milliseconds: a fraction of one would be slept through in no time, over and over.
    return Math.ceil(delay)
  }

  const used = (purpose: RequestPurpose) => purposes.filter((other) => other === purpose).length

  const begin = (now: number, purpose: RequestPurpose) => {
    begun.push(now)
    purposes.push(purpose)
    inFlight += 1
  }

  const pump = Effect.gen(function* () {
    while (true) {
      const first = waiters[0]?.purpose
      if (first === undefined || !hasPlace(first)) break
      const now = yield* monotonicMillis
      const delay = delayAt(now, first)
      if (delay > 0) {
        yield* Effect.sleep(delay)
        continue
      }
      const next = nextInLine(waiters, used, limitAt(now))
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
    if (isPumping || first === undefined || !hasPlace(first)) return Effect.void
    isPumping = true
    // Not in the scope of the services: a submit that has left goes on after they were closed.
    return Effect.asVoid(Effect.forkDetach(pump))
  })

  const release = Effect.suspend(() => {
    inFlight -= 1
    return startPump
  })

  const queueUp = (purpose: RequestPurpose): Waiter => {
    const waiter: Waiter = { purpose, turn: Deferred.makeUnsafe() }
    const place = waiters.findIndex((other) => precedence[other.purpose] > precedence[purpose])
    waiters.splice(place === -1 ? waiters.length : place, 0, waiter)
    return waiter
  }

  /** Gives up a waiter's turn, whether it has come or not. */
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
    // Only the wait and the request can be interrupted: a place that was taken is always given back.
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const now = yield* monotonicMillis
        if (now >= deadline) return yield* new TurnTooLate()
        const isFirst = waiters.length === 0 || (purpose === "cancel" && waiters[0]?.purpose !== "cancel")
        if (isFirst && hasPlace(purpose) && delayAt(now, purpose) <= 0) begin(now, purpose)
        else {
          const waiter = queueUp(purpose)
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
          // After a machine has slept, the turn may have come long after its time.
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
        if (!isSameWave) slowed = { limit: Math.max(1, limitAt(now) / 2), at: now }
      }),
  })
})

/** Requests in flight beyond the limit, for cancels. */
const placesForCancels = 2

/** A longer pause than this is an error to report, not a wait to sit through. Milliseconds. */
export const maxPauseMs = 60_000
