import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Page } from "../api/Page.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { deadlineIn, monotonicMillis } from "../monotonic.ts"

/** How far back `readRecent` reads, and for how long. */
export interface RecentLimits {
  /** Items that were created longer ago are left out. Default 24 hours. */
  readonly maxAge?: Duration.Input | undefined
  /** After this, what was read so far is the result; the first page is always read. Default 15 s. */
  readonly timeLimit?: Duration.Input | undefined
}

export interface RecentList<A, E, R> {
  readonly readPage: (paginationToken: string | undefined) => Effect.Effect<Page<A>, E, R>
  readonly getId: (item: A) => string
  /** ISO date; an item without one counts as new. */
  readonly getCreatedAt: (item: A) => string | undefined
  /** Whether what was read so far is enough. Default: never. */
  readonly isEnough?: ((items: ReadonlyArray<A>) => boolean) | undefined
}

/**
 * The recent items of a list that is sorted by creation, newest first. It reads on however many there are, because an item
 * that took long to become ready lies behind all that were created since. Each item comes once, as it was last read.
 */
export const readRecent = Effect.fn("readRecent")(function* <A, E, R>(
  list: RecentList<A, E, R>,
  limits: RecentLimits = {},
) {
  const { serverTime } = yield* ScenarioHttp
  const maxAgeMs = Duration.toMillis(Duration.fromInputUnsafe(limits.maxAge ?? defaultMaxAge))
  const deadline = yield* deadlineIn(limits.timeLimit ?? defaultTimeLimit)
  const items = new Map<string, A>()
  const followed = new Set<string>()
  let token: string | undefined
  while (true) {
    const page: Option.Option<Page<A>> =
      token === undefined
        ? Option.some(yield* list.readPage(undefined))
        : yield* Effect.timeoutOption(list.readPage(token), Math.max(0, deadline - (yield* monotonicMillis)))
    if (Option.isNone(page)) break
    const oldestMs = (yield* serverTime) - maxAgeMs
    let isBeyond = false
    for (const item of page.value.items) {
      const createdMs = Date.parse(list.getCreatedAt(item) ?? "")
      // The last row with a date decides: a single one out of place doesn't end the list.
      if (!Number.isNaN(createdMs)) isBeyond = createdMs < oldestMs
      if (!(createdMs < oldestMs)) items.set(list.getId(item), item)
    }
    const next = page.value.nextToken
    const isOver =
      isBeyond || next === undefined || followed.has(next) || (yield* monotonicMillis) >= deadline
    if (isOver || list.isEnough?.([...items.values()]) === true) break
    followed.add(next)
    token = next
  }
  return [...items.values()]
})

const defaultMaxAge = Duration.hours(24)
const defaultTimeLimit = Duration.seconds(15)
