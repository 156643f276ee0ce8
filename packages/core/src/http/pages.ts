import { Effect, Option, Predicate, Stream } from "effect"
import type { Page } from "../api/Page.ts"
import type { ApiError } from "../errors.ts"
import type { ApiCall } from "./ApiCall.ts"
import type { ScenarioHttp } from "./ScenarioHttp.ts"

/** Reads one page: `{ [listName]: [...], nextPaginationToken? }`. Elements that are none are left out. */
export const readPage =
  <A>(listName: string, readItem: (item: unknown) => A | undefined) =>
  (body: unknown): Page<A> | undefined => {
    if (!Predicate.isObject(body)) return undefined
    const list: unknown = Reflect.get(body, listName)
    if (!Array.isArray(list)) return undefined
    const token: unknown = Reflect.get(body, "nextPaginationToken")
    return {
      items: list.map(readItem).filter((item) => item !== undefined),
      nextToken: typeof token === "string" && token !== "" ? token : undefined,
    }
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

/**
 * A whole list, one page at a time and only as far as it is read. A cursor that comes back a second time ends it:
 * the API would go round for ever.
 */
export const pages = <A>(
  http: ScenarioHttp["Service"],
  call: ApiCall,
  listName: string,
  readItem: (item: unknown) => A | undefined,
): Stream.Stream<A, ApiError> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    return Stream.paginate(undefined as string | undefined, (paginationToken) =>
      onePage(http, call, listName, readItem, paginationToken).pipe(
        Effect.map(({ items, nextToken }) => {
          const isNew = nextToken !== undefined && !seen.has(nextToken)
          if (isNew) seen.add(nextToken)
          return [
            items,
            isNew ? Option.some<string | undefined>(nextToken) : Option.none<string | undefined>(),
          ] as const
        }),
      ),
    )
  })
