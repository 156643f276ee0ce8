import type { ApiError, InvalidInput, Page } from "@scenario-automation/core"
import { Effect } from "effect"

/** One page of a dropdown, and what Zapier asks for the next one with. */
export interface ChoicePage {
  readonly results: Array<{ readonly id: string; readonly label: string }>
  readonly paging_token: string | null
}

type ListName = "own" | "public"

type AskForPage<A> = (
  list: ListName,
  paginationToken: string | undefined,
) => Effect.Effect<Page<A>, ApiError | InvalidInput>

/**
 * The account's own things, and after their last page the public ones. The token says in which of the two lists to go on. A
 * page without a choice is skipped: most accounts have no model of their own, and their dropdown would open empty.
 */
export const readTwoLists = Effect.fn("readTwoLists")(function* <A>(
  token: string | undefined,
  ask: AskForPage<A>,
  toChoice: (item: A, list: ListName) => { readonly id: string; readonly label: string } | undefined,
) {
  let list: ListName = token?.startsWith("public:") === true ? "public" : "own"
  let paginationToken = token?.slice(token.indexOf(":") + 1) || undefined
  for (let pages = 1; ; pages++) {
    const { items, nextToken }: Page<A> = yield* ask(list, paginationToken)
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

/** Pages read for one page of choices. */
const maxPages = 5
