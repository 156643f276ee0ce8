import type { ThrottleObject } from "zapier-platform-core"

/**
 * A run that waits makes a dozen requests, and Scenario takes about a hundred a minute of an account: Zapier starts the next
 * run a little later.
 */
export const startsPerMinute: ThrottleObject = { window: 60, limit: 6, scope: ["auth"] }
