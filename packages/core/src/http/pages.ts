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
 * Reads one page: `{ [listName]: [...], nextPaginationToken? }`. Leaves out unreadable rows. `isPartial` is true if a row
 * or the token is unreadable.
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

export interface PageOptions {
  /** `nextToken` of the previous page. Default: the first page. */
  readonly paginationToken?: string | undefined
}

export const getPage = <A>(
  http: ScenarioHttp["Service"],
  call: ApiCall,
  listName: string,
  readItem: (item: unknown) => A | undefined,
  paginationToken: string | undefined,
): Effect.Effect<Page<A>, ApiError> =>
  http.callFor({ ...call, query: { ...call.query, paginationToken } }, readPage(listName, readItem))

/** All items of a list, read a page at a time and only as far as needed. */
export const streamList = <A>(
  http: ScenarioHttp["Service"],
  call: ApiCall,
  listName: string,
  readItem: (item: unknown) => A | undefined,
): Stream.Stream<A, ApiError> => streamLists(http, [call], listName, readItem)

/** All items of several lists, one list after the other. A repeated cursor ends its list, because it would loop forever. */
export const streamLists = <A>(
  http: ScenarioHttp["Service"],
  calls: ReadonlyArray<ApiCall>,
  listName: string,
  readItem: (item: unknown) => A | undefined,
): Stream.Stream<A, ApiError> =>
  Stream.suspend(() =>
    Stream.paginate(toStart(calls), ({ calls: [call, ...rest], paginationToken, followed }) => {
      if (call === undefined) return Effect.succeed([[], Option.none<PagePosition>()] as const)
      return getPage(http, call, listName, readItem, paginationToken).pipe(
        Effect.map(({ items, nextToken }) => {
          const hasNext = nextToken !== undefined && !followed.has(nextToken)
          const next: PagePosition = hasNext
            ? { calls: [call, ...rest], paginationToken: nextToken, followed: followed.add(nextToken) }
            : toStart(rest)
          return [items, Option.some(next)] as const
        }),
      )
    }),
  )

interface PagePosition {
  /** The current list, then the lists that follow. */
  readonly calls: ReadonlyArray<ApiCall>
  /** Of the next page of the current list; absent for its first page. */
  readonly paginationToken?: string
  /** The cursors of the current list that were used. */
  readonly followed: Set<string>
}

const toStart = (calls: ReadonlyArray<ApiCall>): PagePosition => ({ calls, followed: new Set() })
