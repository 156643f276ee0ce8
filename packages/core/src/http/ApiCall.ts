import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Deadline } from "../monotonic.ts"

/** Who a request is made for: decides who goes first when the account's budget is short. */
export type RequestPurpose = "cancel" | "submit" | "resolve" | "poll" | "account"

type QueryValue = string | number | boolean | ReadonlyArray<string> | undefined

/** One call of the API, as data. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /** Below the base URL, its parts percent-encoded: `/jobs/job_1`. */
  readonly path: string
  /** `undefined` is left out. */
  readonly query?: Readonly<Record<string, QueryValue>>
  /** Sent as JSON; large integers in it as numbers. */
  readonly body?: unknown
  /** Whether the call may be repeated after any failure. Default: true for GET alone. */
  readonly isRepeatable?: boolean
  /** Default `account`. */
  readonly purpose?: RequestPurpose
  /** How long one attempt may take, decided when it is sent. Default 30 seconds. */
  readonly timeout?: Duration.Input | Effect.Effect<Duration.Input>
  /** If the turn of an attempt in the budget comes later than this, it fails as `Unreachable` with `neverSent`. */
  readonly sendBy?: Deadline
  /** Whether an answer outside of 2xx is one to read: the price in the 402 of a workflow's dry run. Default: none is. */
  readonly isAnswer?: (status: number, body: unknown) => boolean
  /** Runs when the budget has let the request go, right before it is sent. */
  readonly onSend?: Effect.Effect<void>
  /** The job that the call is about: errors carry it. */
  readonly jobId?: string
}

/** A successful answer (any 2xx: a dry run answers 269). */
export interface ApiAnswer {
  readonly status: number
  /** The decoded JSON, integers beyond 2^53 as decimal text; text where it is none; `undefined` where the body was empty. */
  readonly body: unknown
  /** Scenario's clock when it answered, in epoch milliseconds, where it says. */
  readonly serverTime?: number | undefined
  readonly requestId?: string | undefined
}
