import * as Duration from "effect/Duration"

// The defaults of what callers can set. What Scenario's API accepts at most is in `api/limits.ts`.

export const defaultBaseUrl = "https://api.cloud.scenario.com/v1"

/** The origin of Scenario's files. */
export const defaultCdnUrl = "https://cdn.cloud.scenario.com"

/** How long one attempt of a request may take. A submit has its own limit, and a download ends when nothing arrives. */
export const defaultRequestTimeout: Duration.Duration = Duration.seconds(30)

/** How long a submit is retried while Scenario accepts no requests. */
export const defaultQueueTimeout: Duration.Duration = Duration.seconds(60)

/** After this time, the response to a submit counts as lost. */
export const defaultResponseTimeout: Duration.Duration = Duration.seconds(60)

/** How long the job of a lost response is searched for. */
export const defaultReconcileTimeout: Duration.Duration = Duration.seconds(15)

/** How long a wait lasts. */
export const defaultWaitTimeout: Duration.Duration = Duration.minutes(30)

/** How long pending assets are waited for. */
export const defaultResolveTimeout: Duration.Duration = Duration.minutes(2)

/** How long an imported file may take until it is an asset. */
export const defaultImportTimeout: Duration.Duration = Duration.minutes(5)

/** A download reconnects if nothing arrives for this long. */
export const defaultStallTimeout: Duration.Duration = Duration.seconds(60)

/** Requests per minute of one account: Scenario's own figure, as third parties quote it. */
export const defaultRequestsPerMinute = 100

export const defaultRequestsInFlight = 8
