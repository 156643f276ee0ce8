import { Schema } from "effect"

/** The token is missing, or isn't one of the relay's. */
export class NotAuthorized extends Schema.TaggedError<NotAuthorized>()(
  "NotAuthorized",
  { message: Schema.String },
  { httpApiStatus: 401 },
) {}

/** The client may not register accounts. */
export class NotAllowed extends Schema.TaggedError<NotAllowed>()(
  "NotAllowed",
  { message: Schema.String },
  { httpApiStatus: 403 },
) {}

/** Scenario doesn't accept the account's key and secret. */
export class AccountRefused extends Schema.TaggedError<AccountRefused>()(
  "AccountRefused",
  { message: Schema.String },
  { httpApiStatus: 422 },
) {}

/** The account was never registered, or was removed: register it and try again. */
export class UnknownAccount extends Schema.TaggedError<UnknownAccount>()(
  "UnknownAccount",
  { message: Schema.String },
  { httpApiStatus: 404 },
) {}

/** This client has no such wait. */
export class UnknownWait extends Schema.TaggedError<UnknownWait>()(
  "UnknownWait",
  { message: Schema.String },
  { httpApiStatus: 404 },
) {}

/** The relay may not call this URL, or a field can't be used. */
export class WaitRefused extends Schema.TaggedError<WaitRefused>()(
  "WaitRefused",
  { message: Schema.String },
  { httpApiStatus: 422 },
) {}

/** The idempotency key belongs to another request, or the wait's state doesn't allow this. */
export class WaitConflict extends Schema.TaggedError<WaitConflict>()(
  "WaitConflict",
  { message: Schema.String },
  { httpApiStatus: 409 },
) {}

/** The client has as many unfinished waits as the relay keeps for it. */
export class TooManyWaits extends Schema.TaggedError<TooManyWaits>()(
  "TooManyWaits",
  { message: Schema.String, limit: Schema.Number },
  { httpApiStatus: 429 },
) {}

/** The client sends more requests than its limit. */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()(
  "TooManyRequests",
  { message: Schema.String, retryAfterMs: Schema.Number },
  { httpApiStatus: 429 },
) {}

/** The relay's database is unavailable. Nothing was stored: send the same request again. */
export class RelayUnavailable extends Schema.TaggedError<RelayUnavailable>()(
  "RelayUnavailable",
  { message: Schema.String },
  { httpApiStatus: 503 },
) {}
