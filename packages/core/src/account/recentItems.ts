import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Page } from "../api/Page.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { deadlineIn, monotonicMillis } from "../utils/monotonic.ts"

/** How far back `readRecent` reads, and how long it may take. */
export interface RecentLimits {
  /** Older items are left out. Default 24 hours. A number is in milliseconds. */
  readonly maxAge?: Duration.Input | undefined
  /** After this time, it returns what it has read. It always reads the first page. Default 15 s. A number is in milliseconds. */
  readonly timeLimit?: Duration.Input | undefined
}

export interface RecentList<A, E, R> {
  readonly readPage: (paginationToken: string | undefined) => Effect.Effect<Page<A>, E, R>
  readonly getId: (item: A) => string
  /** An ISO date. An item without one counts as new. */
  readonly getCreatedAt: (item: A) => string | undefined
  /** Whether it can stop reading. Default: never. */
  readonly isEnough?: ((items: ReadonlyArray<A>) => boolean) | undefined
}

/**
 * Reads the recent items of a list that is sorted by creation, newest first. It doesn't stop at a number of items, because an
 * item that became ready late comes after all that were created since. Each item is returned once, as it was last read.
 */
export const readRecent = Effect.fn("scenario.readRecent")(function* <A, E, R>(
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
    let isTooOld = false
    for (const item of page.value.items) {
      const createdMs = Date.parse(list.getCreatedAt(item) ?? "")
      // The last row with a date decides, so that a single misplaced row doesn't end the list.
      if (!Number.isNaN(createdMs)) isTooOld = createdMs < oldestMs
      if (!(createdMs < oldestMs)) items.set(list.getId(item), item)
    }
    const next = page.value.nextToken
    const isOver =
      isTooOld || next === undefined || followed.has(next) || (yield* monotonicMillis) >= deadline
    if (isOver || list.isEnough?.([...items.values()]) === true) break
    followed.add(next)
    token = next
  }
  return [...items.values()]
})

const defaultMaxAge = Duration.hours(24)
const defaultTimeLimit = Duration.seconds(15)
