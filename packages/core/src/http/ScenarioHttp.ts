import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { describeBody, readErrorBody } from "../api/ErrorBody.ts"
import { defaultRequestTimeout } from "../defaults.ts"
import { ApiError, type ApiErrorReason } from "../errors.ts"
import { parseJson, writeJson } from "../utils/json.ts"
import { monotonicMillis } from "../utils/monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import type { ApiCall, ApiResponse } from "./ApiCall.ts"
import { ApiHttp } from "./ApiHttp.ts"
import {
  readHeaders,
  readText,
  type ResponseHeaders,
  sendAndUse,
  type TransportFailed,
  type TransportRequest,
  type TransportResponse,
} from "./HttpTransport.ts"
import { readErrorResponse } from "./readErrorResponse.ts"
import { RequestBudget } from "./RequestBudget.ts"
import { getRequestHeaders } from "./requestHeaders.ts"
import { retryRead } from "./RetryPolicy.ts"
import { ServerClock } from "./ServerClock.ts"
import { readTransportFault } from "./transportFault.ts"
import { annotateSpan, toAttributes } from "../tracing.ts"

/** Calls the API: adds credentials, respects the request budget, retries safely, and maps errors. */
export class ScenarioHttp extends Context.Service<
  ScenarioHttp,
  {
    /** Any 2xx succeeds. Repeatable calls are retried, others are sent once. */
    call(call: ApiCall): Effect.Effect<ApiResponse, ApiError>
    /** The same, with the value that `read` returns for the body. Fails as `UnexpectedBody` if that is `undefined`. */
    callFor<A>(call: ApiCall, read: (body: unknown) => A | undefined): Effect.Effect<A, ApiError>
    /** Scenario's current time in epoch milliseconds, by its Date headers. Before the first response: this machine's time. */
    readonly serverTime: Effect.Effect<number>
    /** Whether `serverTime` is based on a response. */
    readonly isServerTimeKnown: Effect.Effect<boolean>
  }
>()("@scenario-automation/core/ScenarioHttp") {
  /** @internal */
  static readonly layer: Layer.Layer<ScenarioHttp, never, ScenarioConfig | ApiHttp | RequestBudget> =
    Layer.effect(
      ScenarioHttp,
      Effect.suspend(() => make),
    )
}

const make = Effect.gen(function* () {
  const config = yield* ScenarioConfig
  const budget = yield* RequestBudget
  const http = yield* ApiHttp
  const serverClock = new ServerClock()
  // After a response, the host name and the certificate are known to be right, so later faults are temporary.
  let hasResponded = false

  const attempt = Effect.fnUntraced(function* (call: ApiCall, attempt: number) {
    if (call.onSend !== undefined) yield* call.onSend
    const sentAt = yield* monotonicMillis
    return yield* sendAndUse(http, { ...toRequest(call, config), attempt }, (response) =>
      readResponse(call, response, sentAt),
    )
  })

  const readResponse = Effect.fnUntraced(function* (
    call: ApiCall,
    response: TransportResponse,
    sentAt: number,
  ) {
    hasResponded = true
    yield* annotateSpan({ "http.response.status_code": response.status })
    const body = readBody(yield* readText(response))
    const headers = readHeaders(response)
    const now = yield* Clock.currentTimeMillis
    const serverTime = readDate(headers)
    if (serverTime !== undefined) serverClock.set(serverTime, now, yield* monotonicMillis)
    const isSuccess = response.status >= 200 && response.status < 300
    if (!isSuccess && call.isResult?.(response.status, body) !== true) {
      const { status } = response
      const { reason, requestId } = readErrorResponse({ status, headers, body, now: serverTime ?? now })
      if (reason._tag === "RateLimited" && reason.kind === "rate") {
        yield* budget.slowDown({ sentAt, retryAfterMs: reason.retryAfterMs })
      }
      return yield* makeApiError(call, reason, requestId)
    }
    return { status: response.status, body, serverTime, requestId: headers["x-request-id"] }
  })

  const sendOnce = (call: ApiCall, attemptNumber: number) =>
    Effect.flatMap(toTimeout(call.timeout), (duration) =>
      Effect.timeoutOrElse(attempt(call, attemptNumber), {
        duration,
        orElse: () =>
          Effect.fail(
            makeApiError(call, { _tag: "Unreachable", detail: "no response came in time", neverSent: false }),
          ),
      }),
    ).pipe(
      Effect.catchTag("TransportFailed", (error) =>
        Effect.fail(makeApiError(call, toReason(error, hasResponded))),
      ),
      Effect.onExit((exit) =>
        Metric.update(
          Metric.withAttributes(requestCount, {
            purpose: call.purpose ?? "account",
            outcome: describeOutcome(exit),
          }),
          1,
        ),
      ),
      (request) => budget.spend(call.purpose ?? "account", request, call.sendBy),
      Effect.catchTag("TurnTooLate", () =>
        Effect.fail(
          makeApiError(call, {
            _tag: "Unreachable",
            detail: "the account's request budget allowed no request before the deadline",
            neverSent: true,
            isWithheld: true,
          }),
        ),
      ),
    )

  /** An unreadable response is a failure too, and a retry may fix it. */
  const callAndRead = <A>(call: ApiCall, read: (response: ApiResponse) => A | undefined) =>
    Effect.suspend(() => {
      let attempts = call.earlierAttempts ?? 0
      const attempt = Effect.gen(function* () {
        attempts += 1
        if (attempts > 1) yield* annotateSpan({ "http.request.resend_count": attempts - 1 })
        const response = yield* sendOnce(call, attempts)
        const value = read(response)
        return value === undefined ? yield* toUnexpectedBody(call, response) : value
      })
      return isRepeatable(call) ? retryRead(attempt) : attempt
    }).pipe(
      Effect.withSpan("scenario.request", {
        kind: "client",
        attributes: toAttributes({
          "http.request.method": call.method,
          "url.path": call.path,
          "scenario.request.purpose": call.purpose ?? "account",
          "scenario.job.id": call.jobId,
        }),
      }),
    )

  return ScenarioHttp.of({
    call: (call) => callAndRead(call, (response) => response),
    callFor: (call, read) => callAndRead(call, (response) => read(response.body)),
    serverTime: Effect.gen(function* () {
      return serverClock.getTime(yield* monotonicMillis) ?? (yield* Clock.currentTimeMillis)
    }),
    isServerTimeKnown: Effect.map(monotonicMillis, (now) => serverClock.getTime(now) !== undefined),
  })
})

/** The error of a 2xx response with an unusable body. */
export const toUnexpectedBody = (call: ApiCall, response: ApiResponse): ApiError =>
  makeApiError(
    call,
    {
      _tag: "UnexpectedBody",
      // A response with a 2xx status can carry an error.
      detail:
        Predicate.hasProperty(response.body, "status") && response.body.status === "error"
          ? readErrorBody(response.body, response.status).detail
          : "the body does not match the API's documentation",
      status: response.status,
      excerpt: describeBody(response.body),
    },
    response.requestId,
  )

/** The error of a 2xx response that reports a block. */
export const toBlockedError = (call: ApiCall, { status, requestId }: ApiResponse, detail: string): ApiError =>
  makeApiError(call, { _tag: "Rejected", detail, status, issues: [] }, requestId)

const requestCount = Metric.counter("scenario_requests", {
  description: "Requests made to Scenario's API, by purpose and outcome",
})

const toTimeout = (timeout: ApiCall["timeout"] = defaultRequestTimeout): Effect.Effect<Duration.Input> =>
  Effect.isEffect(timeout) ? timeout : Effect.succeed(timeout)

const describeOutcome = (exit: Exit.Exit<unknown, ApiError>): string =>
  Exit.isSuccess(exit)
    ? "ok"
    : (Option.getOrUndefined(Exit.findErrorOption(exit))?.reason._tag ?? "interrupted")

const makeApiError = (call: ApiCall, reason: ApiErrorReason, requestId?: string): ApiError =>
  new ApiError({ reason, request: describeCall(call), jobId: call.jobId, requestId })

const describeCall = (call: ApiCall): string => `${call.method} ${call.path}`

const isRepeatable = ({ method, isRepeatable = method === "GET" }: ApiCall): boolean => isRepeatable

const toRequest = (call: ApiCall, config: ScenarioConfig["Service"]): TransportRequest => ({
  method: call.method,
  url: `${config.baseUrl.replace(/\/$/, "")}${call.path}${describeQuery({ projectId: config.projectId, ...call.query })}`,
  headers: getRequestHeaders(call, config),
  body: call.body === undefined ? undefined : new TextEncoder().encode(writeJson(call.body)),
  isSentOnce: !isRepeatable(call),
})

const describeQuery = (query: NonNullable<ApiCall["query"]>): string => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value ?? []].flat()) parameters.append(name, String(one))
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`
}

const readDate = (headers: ResponseHeaders): number | undefined => {
  const date = Date.parse(headers["date"] ?? "")
  return Number.isNaN(date) ? undefined : date
}

const readBody = (text: string): unknown => {
  if (text.trim() === "") return undefined
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

const toReason = ({ stage, cause }: TransportFailed, hasResponded: boolean): ApiErrorReason => {
  switch (stage) {
    case "url":
      return {
        _tag: "Unreachable",
        detail: "the base URL is not a valid URL",
        neverSent: true,
        isPermanent: true,
      }
    case "head": {
      const { detail, neverSent, isPermanent } = readTransportFault(cause)
      return { _tag: "Unreachable", detail, neverSent, isPermanent: isPermanent && !hasResponded }
    }
    case "body":
      return { _tag: "Unreachable", detail: "the response was cut off", neverSent: false }
  }
}
