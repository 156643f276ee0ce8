import { Clock, Effect, Fiber, type Scope } from "effect"
import type { ApiError } from "../errors.ts"
import { chooseLook, type Look } from "./chooseLook.ts"
import type { Listing } from "./Listing.ts"
import { Sleeper } from "./Sleeper.ts"
import type { Wait } from "./Wait.ts"
import type { Waits } from "./Waits.ts"

/** Every so many looks it is the turn of whoever has waited longest beyond their time. */
const looksPerTurn = 5

/** What two readings of a clock that runs forward may differ by, milliseconds. */
const clockSlackMs = 1_000

/** From so many jobs on of which nothing is known, a request that teaches how long they take is worth it. */
const guessesWorthPriming = 5

/** So many failures in a row are one outage, and not the trouble of single jobs. */
const failuresOfOutage = 3
const longestRestMs = 30_000

/**
 * More waits than so many for each request of a minute fill more pages than the budget lets go at once. Were the first
 * ones read in one go, they would be read again only a minute later, together with the last ones' first time; so they
 * are read at an even pace.
 */
const largestSpree = 20

interface Dependencies {
  readonly waits: Waits
  readonly listing: Listing
  readonly scope: Scope.Scope
  /** What the account may ask of the API. */
  readonly requestsPerMinute: number
  /** Makes a request, tells its waits, and answers with the error where it failed. `onSend` runs as it leaves. */
  readonly perform: (look: Look, onSend: Effect.Effect<void>) => Effect.Effect<ApiError | undefined>
}

/**
 * Decides, request by request, what the account looks at: one fiber for all. The next look is
 * decided on when the budget has let the one before go, so that it is the best of that moment.
 */
export class LookScheduler {
  readonly #dependencies: Dependencies
  readonly #sleeper = new Sleeper()
  readonly #underWay = new Map<Look, Fiber.Fiber<void>>()
  /** A look was decided on and the budget has not let it go yet. */
  #heldBack: Look | undefined
  #isPrimed = false
  #looks = 0
  #lastNow = 0
  #failures = 0
  #restUntil = 0
  #sweepsOnAt = 0

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** Somebody new waits. */
  wakeUp(): void {
    this.#sleeper.wake()
  }

  /** Nobody listens to a wait any more: requests that served it alone are given up. */
  forget(wait: Wait): Effect.Effect<void> {
    // Ten thousand may be ready for this and never come to it: a closure each would be half a megabyte.
    return Effect.flatMap(Effect.succeed(wait), this.#forget)
  }

  readonly #forget = (wait: Wait): Effect.Effect<void> => {
    const { waits } = this.#dependencies
    waits.delete(wait)
    const { jobId } = wait.job
    const idle = [...this.#underWay].filter(
      ([look]) =>
        waits.size === 0 || (look._tag === "OneJob" && look.wait.job.jobId === jobId && !waits.has(jobId)),
    )
    if (waits.size === 0) this.#sleeper.wake()
    return Fiber.interruptAll(idle.map(([, fiber]) => fiber))
  }

  /** Runs for ever, and sleeps for as long as nobody waits. */
  readonly run = Effect.gen({ self: this }, function* () {
    while (true) {
      const now = yield* Clock.currentTimeMillis
      this.#followClock(now)
      const end = this.#endOverdue(now)
      const choice = this.#choose(now)
      if (choice._tag === "Nothing") yield* this.#sleeper.sleep(Math.min(end, choice.until) - now)
      else yield* this.#start(choice)
    }
  })

  /** A clock that was set back would hold every wait up for as long. */
  #followClock(now: number): void {
    const change = now - this.#lastNow
    if (change < -clockSlackMs) {
      for (const wait of this.#dependencies.waits) wait.shift(change)
      this.#restUntil = 0
      this.#sweepsOnAt = 0
    }
    this.#lastNow = now
  }

  /** Ends the waits whose time is up, and says when the next one ends. */
  #endOverdue(now: number): number {
    const { waits } = this.#dependencies
    let next = Infinity
    for (const wait of waits) {
      if (wait.isOver(now)) {
        waits.delete(wait)
        wait.tell(Effect.fail(wait.timedOut(now)))
      } else next = Math.min(next, wait.endsAt())
    }
    return next
  }

  #choose(now: number): Look | { readonly _tag: "Nothing"; readonly until: number } {
    const { waits, listing } = this.#dependencies
    if (this.#heldBack !== undefined || waits.size === 0) return { _tag: "Nothing", until: Infinity }
    const until = Math.max(this.#restUntil, this.#sweepsOnAt)
    if (now < until) return { _tag: "Nothing", until }
    if (this.#isPrimer()) return { _tag: "Finished" }
    return chooseLook({
      now,
      waits,
      pages: listing.pages,
      mayList: listing.isOpen(now),
      count: waits.size,
      isForLatest: this.#looks % looksPerTurn === looksPerTurn - 1,
    })
  }

  /** When the next look may be decided on. Epoch milliseconds; 0 where it is up to the budget alone. */
  #nextSweep(): number {
    const { waits, requestsPerMinute } = this.#dependencies
    const isLarge = waits.size > largestSpree * requestsPerMinute
    return isLarge ? this.#lastNow + 60_000 / requestsPerMinute : 0
  }

  #isPrimer(): boolean {
    const { waits } = this.#dependencies
    if (this.#isPrimed || waits.size < guessesWorthPriming) return false
    let guesses = 0
    for (const wait of waits) if (wait.isGuess) guesses += 1
    this.#isPrimed = guesses >= guessesWorthPriming
    return this.#isPrimed
  }

  #start(look: Look): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.#looks += 1
      this.#heldBack = look
      this.#sweepsOnAt = this.#nextSweep()
      const covered = [...this.#coveredBy(look)]
      for (const wait of covered) wait.isCovered = true
      let isOver = false
      const letGo = Effect.sync(() => {
        if (this.#heldBack === look) this.#heldBack = undefined
        this.#sleeper.wake()
      })
      const end = Effect.suspend(() => {
        this.#underWay.delete(look)
        for (const wait of covered) wait.isCovered = false
        isOver = true
        return this.#heldBack === look ? letGo : Effect.andThen(this.#giveUpHeldBack, letGo)
      })
      const request = this.#dependencies.perform(look, letGo).pipe(
        Effect.flatMap((trouble) => this.#noteTrouble(trouble)),
        Effect.ensuring(end),
      )
      // At once: what is interrupted before it has begun would not come to its end either.
      const begun = Effect.forkIn(request, this.#dependencies.scope, { startImmediately: true })
      return Effect.map(begun, (fiber) => {
        if (!isOver) this.#underWay.set(look, fiber)
      })
    })
  }

  /**
   * After an answer something else may be worth more than what the budget has not let go yet: it is decided on again.
   * Not the one request that teaches how long jobs take, which is made once.
   */
  readonly #giveUpHeldBack = Effect.suspend(() => {
    const look = this.#heldBack
    const held = look === undefined || look._tag === "Finished" ? undefined : this.#underWay.get(look)
    return held === undefined ? Effect.void : Fiber.interrupt(held)
  })

  #coveredBy(look: Look): Iterable<Wait> {
    switch (look._tag) {
      case "OneJob":
        return this.#dependencies.waits.of(look.wait.job.jobId)
      case "Page":
        return look.company
      case "Finished":
        return []
    }
  }

  #noteTrouble(trouble: ApiError | undefined): Effect.Effect<void> {
    return Effect.map(Clock.currentTimeMillis, (now) => {
      this.#failures = trouble?.isRetryable === true ? this.#failures + 1 : 0
      const beyond = this.#failures - failuresOfOutage
      if (beyond > 0) this.#restUntil = now + Math.min(longestRestMs, 500 * 2 ** beyond)
    })
  }
}
