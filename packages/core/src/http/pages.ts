import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { Page } from "../api/Page.ts"
import { idText } from "../api/readers.ts"
import type { ApiError } from "../errors.ts"
import type { ApiCall } from "./ApiCall.ts"
import type { ScenarioHttp } from "./ScenarioHttp.ts"

/**
 * Reads one page: `{ [listName]: [...], nextPaginationToken? }`. Rows that can't be read are left out; then, and if the
 * token can't be read, `isPartial` is true.
 */
export const readPage =
  <A>(listName: string, readItem: (item: unknown) => A | undefined) =>
  (body: unknown): Page<A> | undefined => {
    if (!Predicate.isObject(body)) return undefined
    const list: unknown = Reflect.get(body, listName)
    if (!Array.isArray(list)) return undefined
    const token: unknown = Reflect.get(body, "nextPaginationToken")
    const items = list.map(readItem).filter((item) => item !== undefined)
    const nextToken = idText(token)
    const isEnd = token === undefined || token === null || token === ""
    const isPartial = items.length < list.length || (nextToken === undefined && !isEnd)
    return { items, nextToken, ...(isPartial ? { isPartial } : {}) }
  }

/** Where to go on in a list. */
export interface PageOptions {
  /** `nextToken` of the page before. Default: from the beginning. */
  readonly paginationToken?: string | undefined
}

/** One page of a list, for hosts that page themselves. */
export const onePage = <A>(
  http: ScenarioHttp["Service"],
  call: ApiCall,
  listName: string,
  readItem: (item: unknown) => A | undefined,
  paginationToken: string | undefined,
): Effect.Effect<Page<A>, ApiError> =>
  http.callFor({ ...call, query: { ...call.query, paginationToken } }, readPage(listName, readItem))

/** A whole list, as `wholeLists` reads it. */
export const pages = <A>(
  http: ScenarioHttp["Service"],
  call: ApiCall,
  listName: string,
  readItem: (item: unknown) => A | undefined,
): Stream.Stream<A, ApiError> => wholeLists(http, [call], listName, readItem)

interface Place {
  /** The list that is read, and those that follow it. */
  readonly calls: ReadonlyArray<ApiCall>
  /** Within the first of them; absent at its beginning. */
  readonly paginationToken?: string
  /** Cursors of that list which were followed. */
  readonly followed: Set<string>
}

/**
 * Lists of one kind, one after the other, a page at a time and only as far as they are read. A cursor that comes back a
 * second time ends its list: the API would go round for ever.
 */
export const wholeLists = <A>(
  http: ScenarioHttp["Service"],
  calls: ReadonlyArray<ApiCall>,
  listName: string,
  readItem: (item: unknown) => A | undefined,
): Stream.Stream<A, ApiError> =>
  Stream.suspend(() =>
    Stream.paginate(toBeginning(calls), ({ calls: [call, ...rest], paginationToken, followed }) => {
      if (call === undefined) return Effect.succeed([[], Option.none<Place>()] as const)
      return onePage(http, call, listName, readItem, paginationToken).pipe(
        Effect.map(({ items, nextToken }) => {
          const goesOn = nextToken !== undefined && !followed.has(nextToken)
          const next: Place = goesOn
            ? { calls: [call, ...rest], paginationToken: nextToken, followed: followed.add(nextToken) }
            : toBeginning(rest)
          return [items, Option.some(next)] as const
        }),
      )
    }),
  )

const toBeginning = (calls: ReadonlyArray<ApiCall>): Place => ({ calls, followed: new Set() })
