import type { RequestPurpose } from "./ApiCall.ts"

/** Lower goes first: a cancel before everything else, a paid submit before all but cancels, a poll last. */
export const priority: Readonly<Record<RequestPurpose, number>> = {
  cancel: -1,
  submit: 0,
  resolve: 1,
  account: 2,
  poll: 3,
}

/**
 * The part of the budget that each purpose is guaranteed. Beyond it, a purpose gets what the others leave. So a thousand
 * submits can't stop the polls of the first ones.
 */
const shares: Readonly<Record<RequestPurpose, number>> = {
  cancel: 1,
  submit: 0.5,
  resolve: 0.2,
  account: 0.1,
  poll: 0.2,
}

/** The first waiter with a part of its share left, or else the first. `waiting` is sorted by priority. */
export const chooseNext = <W extends { readonly purpose: RequestPurpose }>(
  waiting: ReadonlyArray<W>,
  /** Requests of a purpose in the last window. */
  countUsed: (purpose: RequestPurpose) => number,
  limit: number,
): W | undefined => {
  const within = waiting.find(({ purpose }) => countUsed(purpose) < Math.max(1, shares[purpose] * limit))
  return within ?? waiting[0]
}
