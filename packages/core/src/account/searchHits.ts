import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { ApiError, InvalidInput } from "../errors.ts"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkPageSize, requireAll } from "../checkArguments.ts"

/** How a search is filtered and sorted. */
export interface SearchOptions {
  /** A condition in Meilisearch's language: `modelId = "model_1"`. Default: none. */
  readonly filter?: string | undefined
  /** An asset ID or a data URL, to find similar images. Default: none. */
  readonly image?: string | undefined
  /** Whether to search what all accounts have published. Default: the account's own. */
  readonly public?: boolean | undefined
  /** `createdAt:desc`, … Default: by relevance. */
  readonly sortBy?: ReadonlyArray<string> | undefined
  /** Hits per request: 1..100, default 50. */
  readonly pageSize?: number | undefined
}

const defaultPageSize = 50

/** Requests pages only as far as the stream is read. */
export const searchHits = <A>(
  http: ScenarioHttp["Service"],
  path: string,
  query: string,
  { pageSize, ...options }: SearchOptions,
  readHit: (hit: unknown) => A | undefined,
): Stream.Stream<A, ApiError | InvalidInput> => {
  const limit = pageSize ?? defaultPageSize
  const isWanted = [query, options.filter, options.image].some((one) => one !== undefined && one !== "")
  const hits = Stream.paginate(0, (offset) =>
    http
      .callFor(
        {
          method: "POST",
          path,
          body: { query: query === "" ? undefined : query, ...options, offset, limit },
          isRepeatable: true,
        },
        readHits,
      )
      .pipe(
        Effect.map((page) => {
          const items = page.map(readHit).filter((hit) => hit !== undefined)
          return [items, page.length < limit ? Option.none<number>() : Option.some(offset + limit)] as const
        }),
      ),
  )
  return Stream.unwrap(
    requireAll(
      checkPageSize(pageSize, 100),
      isWanted
        ? undefined
        : { path: "query", message: "There is nothing to search for. Pass a query, a filter, or an image." },
    ).pipe(Effect.as(hits)),
  )
}

const readHits = (body: unknown): ReadonlyArray<unknown> | undefined =>
  Predicate.hasProperty(body, "hits") && Array.isArray(body.hits) ? body.hits : undefined
