import { Schema } from "effect"

/** The token is missing, or isn't one of the relay's. */
export class NotAuthorized extends Schema.TaggedError<NotAuthorized>()(
  "NotAuthorized",
  {},
  { httpApiStatus: 401 },
) {}

/** Scenario does not accept the account's key and secret. */
export class AccountRefused extends Schema.TaggedError<AccountRefused>()(
  "AccountRefused",
  { reason: Schema.String },
  { httpApiStatus: 422 },
) {}

/** The account was never registered, or was removed: register it and try again. */
export class UnknownAccount extends Schema.TaggedError<UnknownAccount>()(
  "UnknownAccount",
  { accountId: Schema.String },
  { httpApiStatus: 404 },
) {}

/** The relay may not call this URL, or not wait for this job. */
export class WaitRefused extends Schema.TaggedError<WaitRefused>()(
  "WaitRefused",
  { reason: Schema.String },
  { httpApiStatus: 422 },
) {}

/** The account has as many waits as the relay keeps for it. */
export class TooManyWaits extends Schema.TaggedError<TooManyWaits>()(
  "TooManyWaits",
  { limit: Schema.Number },
  { httpApiStatus: 429 },
) {}
