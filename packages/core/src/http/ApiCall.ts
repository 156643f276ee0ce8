import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Deadline } from "../utils/monotonic.ts"

/** What a request is for. Decides which request goes first when the account's budget is short. */
export type RequestPurpose = "cancel" | "submit" | "resolve" | "poll" | "account"

export type QueryValue = string | number | boolean | ReadonlyArray<string> | undefined

/** One call of the API, as data. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /** Below the base URL, with percent-encoded segments: `/jobs/job_1`. */
  readonly path: string
  /** `undefined` values are left out. */
  readonly query?: Readonly<Record<string, QueryValue>>
  /** Sent as JSON, with large integers as numbers. */
  readonly body?: unknown
  /** Whether the call may be repeated after any failure. Default: true for GET, false for other methods. */
  readonly isRepeatable?: boolean
  /** Default `account`. */
  readonly purpose?: RequestPurpose
  /** The time limit of one attempt, decided when it is sent. Default 30 seconds. */
  readonly timeout?: Duration.Input | Effect.Effect<Duration.Input>
  /** An attempt that the budget can't send by this time fails as `Unreachable` with `neverSent`. */
  readonly sendBy?: Deadline
  /** Whether a response outside of 2xx is a result, such as the 402 that prices a workflow. Default: never. */
  readonly isResult?: (status: number, body: unknown) => boolean
  /** Runs after the budget has admitted the request, right before it is sent. */
  readonly onSend?: Effect.Effect<void>
  /** How often the caller has sent it before. Default 0. */
  readonly earlierAttempts?: number
  /** The job that the call is about. Errors carry it. */
  readonly jobId?: string
}

/** A successful response. Any 2xx counts, because a dry run returns 269. */
export interface ApiResponse {
  readonly status: number
  /** Decoded JSON, with integers beyond 2^53 as decimal text. Plain text if it isn't JSON, `undefined` if it is empty. */
  readonly body: unknown
  /** Scenario's clock at the time of the response, in epoch milliseconds, if the response says. */
  readonly serverTime?: number | undefined
  readonly requestId?: string | undefined
}
