import type { ApiError, InvalidInput, Page } from "@scenario-automation/core"
import { Effect } from "effect"

/** One page of a dropdown. Zapier passes the token back for the next page. */
export interface ChoicePage {
  readonly results: Array<{ readonly id: string; readonly label: string }>
  readonly paging_token: string | null
}

type ListName = "own" | "public"

type ReadPage<A> = (
  list: ListName,
  paginationToken: string | undefined,
) => Effect.Effect<Page<A>, ApiError | InvalidInput>

/**
 * Reads the account's own list, and after its last page the public one. The token names the list and the page. Pages without
 * a choice are skipped: most accounts have no model of their own, and their dropdown would open empty.
 */
export const readTwoLists = Effect.fn("readTwoLists")(function* <A>(
  token: string | undefined,
  readPage: ReadPage<A>,
  toChoice: (item: A, list: ListName) => { readonly id: string; readonly label: string } | undefined,
) {
  let list: ListName = token?.startsWith("public:") === true ? "public" : "own"
  let paginationToken = token?.slice(token.indexOf(":") + 1) || undefined
  for (let pages = 1; ; pages++) {
    const { items, nextToken }: Page<A> = yield* readPage(list, paginationToken)
    const choices = items.map((item) => toChoice(item, list)).filter((choice) => choice !== undefined)
    const results = [...new Map(choices.map((choice) => [choice.id, choice])).values()]
    const next: string | null =
      nextToken === undefined ? (list === "own" ? "public:" : null) : `${list}:${nextToken}`
    if (results.length > 0 || next === null || pages >= maxPages) {
      const page: ChoicePage = { results, paging_token: next }
      return page
    }
    if (nextToken === undefined) list = "public"
    paginationToken = nextToken
  }
})

const maxPages = 5
