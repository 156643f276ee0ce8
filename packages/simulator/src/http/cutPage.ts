import type { Exchange } from "./Exchange.ts"
import { refuseAtGateway, refuse } from "./Refusal.ts"

/** The requested page. Its token names the last entry, so that new entries don't shift the next page. */
export const cutPage = <Item>(
  exchange: Exchange,
  items: ReadonlyArray<Item>,
  identify: (item: Item) => string,
  sizes: { readonly default: number; readonly max: number },
): Page<Item> => {
  const requested = exchange.query.get("pageSize")
  const size = requested === null ? sizes.default : Number(requested)
  if (size < 1 || size > sizes.max) {
    exchange.addViolation(`pageSize ${size} is not between 1 and ${sizes.max}`)
    throw refuse(400, `"pageSize" must be less than or equal to ${sizes.max}`)
  }
  const large = exchange.getFault("large-page")
  if (large !== undefined && size > (large.maxRows ?? 40)) {
    throw refuseAtGateway(large.status ?? 502, "Internal server error")
  }
  const token = exchange.query.get("paginationToken")
  const start = findStart(exchange, items, identify, token)
  const page = items.slice(start, start + size)
  const last = page.at(-1)
  const hasMore = start + size < items.length
  const next = hasMore && last !== undefined ? makeToken(identify(last)) : undefined
  const isRepeated = exchange.getFault("repeated-cursor") !== undefined
  return { items: page, nextPaginationToken: isRepeated ? (token ?? next) : next }
}

interface Page<Item> {
  readonly items: ReadonlyArray<Item>
  /** Absent on the last page. */
  readonly nextPaginationToken: string | undefined
}

const makeToken = (id: string): string => Buffer.from(JSON.stringify({ after: id })).toString("base64url")

const readToken = (token: string): string | undefined =>
  /^\{"after":"(.*)"\}$/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1]

const findStart = <Item>(
  exchange: Exchange,
  items: ReadonlyArray<Item>,
  identify: (item: Item) => string,
  token: string | null,
): number => {
  if (token === null) return 0
  const id = readToken(token)
  const index = id === undefined ? -1 : items.findIndex((item) => identify(item) === id)
  if (index === -1) throw refuse(400, "Invalid pagination token")
  const shift = exchange.getFault("shifting-pages")
  return Math.max(0, index + 1 - (shift === undefined ? 0 : (shift.items ?? 1)))
}
