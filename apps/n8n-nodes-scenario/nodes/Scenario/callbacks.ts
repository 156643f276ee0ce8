import { Effect, Result } from "effect"
import { BadParameter } from "./BadParameter.ts"
import type { Item } from "./Item.ts"
import { CallbackRefused } from "./nodeError.ts"
import { registerAccount, registerWait } from "./relay.ts"

/** The relay's limit. */
const maxJobs = 200

/** Registers the account before anything is paid, so that a relay that isn't set up costs nothing. */
export const registerCallbackAccount = Effect.fn("registerCallbackAccount")(function* (
  items: ReadonlyArray<Item>,
) {
  const urls = groupByUrl(items)
  const [first] = [...urls.values()].flat()
  if (first === undefined) return
  if ([...urls.values()].some(({ length }) => length > maxJobs))
    return yield* new BadParameter({
      message: `One callback can wait for at most ${maxJobs} items. Nothing was sent. Process the items in batches, with a Loop Over Items node.`,
    })
  yield* registerAccount(first.host).pipe(
    Effect.mapError(({ detail }) => new CallbackRefused({ detail, jobIds: [] })),
  )
})

/**
 * Asks the relay to call each URL once, when the jobs of all its items have ended: a Wait node resumes at the first call, and
 * refuses further ones. Returns the error of each item whose callback the relay refused.
 */
export const registerCallbacks = Effect.fn("registerCallbacks")(function* (items: ReadonlyArray<Item>) {
  const errors = new Map<Item, CallbackRefused>()
  for (const [callbackUrl, group] of groupByUrl(items)) {
    const [jobId, ...others] = group.flatMap((item) => (item.jobId === undefined ? [] : [item.jobId]))
    const [first] = group
    if (first === undefined || jobId === undefined) continue
    const jobIds = [jobId, ...others] as const
    const registered = yield* Effect.flatMap(registerAccount(first.host), (accountId) =>
      registerWait(first.host, { accountId, jobIds, callbackUrl }),
    ).pipe(Effect.result)
    if (Result.isSuccess(registered)) continue
    const error = new CallbackRefused({ detail: registered.failure.detail, jobIds })
    for (const item of group) errors.set(item, error)
  }
  return errors
})

const groupByUrl = (items: ReadonlyArray<Item>): ReadonlyMap<string, ReadonlyArray<Item>> => {
  const groups = new Map<string, Array<Item>>()
  for (const item of items) {
    const url = readCallbackUrl(item)
    if (url !== undefined) groups.set(url, [...(groups.get(url) ?? []), item])
  }
  return groups
}

/** An item whose options can't be read fails on its own. */
const readCallbackUrl = (item: Item): string | undefined => {
  try {
    return item.options.callbackUrl
  } catch {
    return undefined
  }
}
