import { Clock, Context, Deferred, Effect, Layer, Scope } from "effect"
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
  /** When the requests of the last window began, ascending epoch milliseconds. */
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

interface Waiter {
  readonly purpose: RequestPurpose
  readonly turn: Deferred.Deferred<void>
}

/** What one account may ask of the API: requests a minute, and requests at once. Everybody goes through it. */
export class RequestBudget extends Context.Service<
  RequestBudget,
  {
    /** Runs a request when the account may make one. An interrupted caller gives its place back. */
    spend<A, E, R>(purpose: RequestPurpose, request: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
    /** Scenario said 429 to the rate: halves it, and pauses for as long as it asked (milliseconds). */
    slowDown(retryAfterMs: number | undefined): Effect.Effect<void>
  }
>()("@scenario-automation/core/RequestBudget") {
  static readonly layer: Layer.Layer<RequestBudget, never, ScenarioConfig> = Layer.effect(
    RequestBudget,
    Effect.gen(function* () {
      const { requestsPerMinute, requestsInFlight } = yield* ScenarioConfig
      const scope = yield* Scope.Scope
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

      const delayAt = (now: number): number => {
        // A clock that was set back would hold everything up for as long.
        if ((begun.at(-1) ?? now) > now) begun = []
        const firstKept = begun.findIndex((at) => at > now - budgetWindowMs)
        if (firstKept !== 0) begun = firstKept === -1 ? [] : begun.slice(firstKept)
        purposes =
          begun.length === purposes.length ? purposes : purposes.slice(purposes.length - begun.length)
        const paused = Math.min(pausedUntil - now, longestPauseMs)
        // In whole milliseconds: a fraction of one would be slept through in no time, over and over.
        return Math.ceil(Math.max(paused, delayBeforeRequest({ begun, limit: limitAt(now), now })))
      }

      const used = (purpose: RequestPurpose) => purposes.filter((other) => other === purpose).length

      const begin = (now: number, purpose: RequestPurpose) => {
        begun.push(now)
        purposes.push(purpose)
        inFlight += 1
      }

      const pump = Effect.gen(function* () {
        while (waiters.length > 0 && inFlight < requestsInFlight) {
          const now = yield* Clock.currentTimeMillis
          const delay = delayAt(now)
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
        if (isPumping || waiters.length === 0 || inFlight >= requestsInFlight) return Effect.void
        isPumping = true
        return Effect.asVoid(Effect.forkIn(pump, scope))
      })

      const acquire = (purpose: RequestPurpose) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          if (waiters.length === 0 && inFlight < requestsInFlight && delayAt(now) <= 0) {
            begin(now, purpose)
            return Effect.void
          }
          const waiter: Waiter = { purpose, turn: Deferred.makeUnsafe() }
          const place = waiters.findIndex((other) => precedence[other.purpose] > precedence[purpose])
          waiters.splice(place === -1 ? waiters.length : place, 0, waiter)
          const leave = Effect.suspend(() => {
            if (!waiters.includes(waiter)) return release
            waiters = waiters.filter((other) => other !== waiter)
            return Effect.void
          })
          return Effect.andThen(startPump, Deferred.await(waiter.turn)).pipe(Effect.onInterrupt(() => leave))
        })

      const release = Effect.suspend(() => {
        inFlight -= 1
        return startPump
      })

      return RequestBudget.of({
        spend: (purpose, request) =>
          Effect.acquireUseRelease(
            Effect.interruptible(acquire(purpose)),
            () => request,
            () => release,
          ),
        slowDown: (retryAfterMs) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            slowed = { limit: Math.max(1, limitAt(now) / 2), at: now }
            pausedUntil = Math.max(pausedUntil, now + Math.min(retryAfterMs ?? 1_000, longestPauseMs))
          }),
      })
    }),
  )
}

/** A longer pause than this is an error to report, not a wait to sit through. Milliseconds. */
export const longestPauseMs = 60_000
