import type { RequestPurpose } from "./ApiCall.ts"

/** Lower goes first. A cancel waits for no other request, and a paid submit for cancels only; a poll waits for all others. */
export const precedence: Readonly<Record<RequestPurpose, number>> = {
  cancel: -1,
  submit: 0,
  resolve: 1,
  account: 2,
  poll: 3,
}

/**
 * The part of the budget in which each goes first; beyond it, it takes what the others leave. So a thousand submits
 * cannot keep anybody from seeing what has become of the first ones.
 */
const shares: Readonly<Record<RequestPurpose, number>> = {
  cancel: 1,
  submit: 0.5,
  resolve: 0.2,
  account: 0.1,
  poll: 0.2,
}

/** Whose turn it is: the first in precedence that has some of its share left, or else the first in precedence. */
export const nextInLine = <W extends { readonly purpose: RequestPurpose }>(
  /** In precedence. */
  waiting: ReadonlyArray<W>,
  /** What each has made of the requests of the last window. */
  used: (purpose: RequestPurpose) => number,
  limit: number,
): W | undefined => {
  const within = waiting.find(({ purpose }) => used(purpose) < Math.max(1, shares[purpose] * limit))
  return within ?? waiting[0]
}
