import * as Duration from "effect/Duration"

// The defaults of what callers can set, and the limits that they can't. Limits of one stage are in its own files.

export const defaultBaseUrl = "https://api.cloud.scenario.com/v1"

/** The origin of Scenario's files. */
export const defaultCdnUrl = "https://cdn.cloud.scenario.com"

/** How long a wait lasts. */
export const defaultWaitTimeout: Duration.Duration = Duration.minutes(30)

/** How long pending assets are waited for. */
export const defaultResolveTimeout = "2 minutes"

/** At most this many downloads transfer bytes at once. A download that its caller doesn't read doesn't count. */
export const maxConcurrentDownloads = 4

/** Requests per minute of one account: Scenario's own figure, as third parties quote it. */
export const defaultRequestsPerMinute = 100

export const defaultRequestsInFlight = 8

/** A download and an upload follow at most this many redirects. */
export const maxRedirects = 5
