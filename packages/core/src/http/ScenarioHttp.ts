import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Base64 from "effect/encoding/Base64"
import { describeBody, readErrorBody } from "../api/ErrorBody.ts"
import { ApiError, type ApiErrorReason } from "../errors.ts"
import { parseJson, writeJson } from "../json.ts"
import { monotonicMillis } from "../monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import type { ApiAnswer, ApiCall } from "./ApiCall.ts"
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
import { readRefusal } from "./readRefusal.ts"
import { RequestBudget } from "./RequestBudget.ts"
import { retryRead } from "./RetryPolicy.ts"
import { readTransportTrouble } from "./transportTrouble.ts"

const requestCount = Metric.counter("scenario_requests", {
  description: "Requests made to Scenario's API, by purpose and outcome",
})

/** Speaks to the API: signs, spends the budget, retries what may be retried, and maps errors. */
export class ScenarioHttp extends Context.Service<
  ScenarioHttp,
  {
    /** Any 2xx succeeds. Reads are retried (RetryPolicy); anything else is sent once. */
    call(call: ApiCall): Effect.Effect<ApiAnswer, ApiError>
    /** The same, for what `read` makes of the body; `UnexpectedBody` if it makes nothing of it. */
    callFor<A>(call: ApiCall, read: (body: unknown) => A | undefined): Effect.Effect<A, ApiError>
    /**
     * Scenario's clock now, in epoch milliseconds, from the Date header of its last response; this machine's until
     * the first one.
     */
    readonly serverTime: Effect.Effect<number>
    /** Whether `serverTime` is Scenario's own. */
    readonly isServerTimeKnown: Effect.Effect<boolean>
  }
>()("@scenario-automation/core/ScenarioHttp") {
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
  // Once Scenario has answered, its name and its certificate are right: what is wrong with them now passes.
  let hasAnswered = false

  const attempt = Effect.fnUntraced(function* (call: ApiCall) {
    if (call.onSend !== undefined) yield* call.onSend
    const sentAt = yield* monotonicMillis
    return yield* sendAndUse(http, toRequest(call, config), (response) => readAnswer(call, response, sentAt))
  })

  const readAnswer = Effect.fnUntraced(function* (
    call: ApiCall,
    response: TransportResponse,
    sentAt: number,
  ) {
    hasAnswered = true
    const body = readBody(yield* readText(response))
    const headers = readHeaders(response)
    const now = yield* Clock.currentTimeMillis
    const serverTime = dateIn(headers)
    if (serverTime !== undefined) serverClock.set(serverTime, now, yield* monotonicMillis)
    const isSuccess = response.status >= 200 && response.status < 300
    if (!isSuccess && call.isAnswer?.(response.status, body) !== true) {
      const { status } = response
      const { reason, requestId } = readRefusal({ status, headers, body, now: serverTime ?? now })
      if (reason._tag === "RateLimited" && reason.kind === "rate") {
        yield* budget.slowDown({ sentAt, retryAfterMs: reason.retryAfterMs })
      }
      return yield* apiError(call, reason, requestId)
    }
    return { status: response.status, body, serverTime, requestId: headers["x-request-id"] }
  })

  const once = (call: ApiCall) =>
    Effect.flatMap(toTimeout(call.timeout), (duration) =>
      Effect.timeoutOrElse(attempt(call), {
        duration,
        orElse: () =>
          Effect.fail(
            apiError(call, { _tag: "Unreachable", detail: "no answer came in time", neverSent: false }),
          ),
      }),
    ).pipe(
      Effect.catchTag("TransportFailed", (error) =>
        Effect.fail(apiError(call, toReason(error, hasAnswered))),
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
          apiError(call, {
            _tag: "Unreachable",
            detail: "the account's request budget had no room in the time that was left",
            neverSent: true,
            isWithheld: true,
          }),
        ),
      ),
    )

  /** A response that can't be read is one more failure that a retry may fix. */
  const callAndRead = <A>(one: ApiCall, read: (answer: ApiAnswer) => A | undefined) => {
    const attempts = Effect.flatMap(once(one), (answer) => {
      const value = read(answer)
      return value === undefined ? Effect.fail(unexpectedBody(one, answer)) : Effect.succeed(value)
    })
    return (isRepeatable(one) ? retryRead(attempts) : attempts).pipe(
      Effect.withSpan("ScenarioHttp.call", {
        kind: "client",
        attributes: { request: describeCall(one), purpose: one.purpose ?? "account" },
      }),
    )
  }

  return ScenarioHttp.of({
    call: (one) => callAndRead(one, (answer) => answer),
    callFor: (one, read) => callAndRead(one, (answer) => read(answer.body)),
    serverTime: Effect.gen(function* () {
      return serverClock.at(yield* monotonicMillis) ?? (yield* Clock.currentTimeMillis)
    }),
    isServerTimeKnown: Effect.map(monotonicMillis, (now) => serverClock.at(now) !== undefined),
  })
})

const isRepeatable = ({ method, isRepeatable = method === "GET" }: ApiCall): boolean => isRepeatable

/** Scenario's clock, carried on by the monotonic one: setting this machine's clock doesn't move it. */
class ServerClock {
  #ahead: number | undefined

  /**
   * The Date header counts in whole seconds: a local time within that second is as good and more precise. Otherwise the
   * header is taken, which is early rather than late, so that no job seems older than its submit.
   */
  set(serverTime: number, now: number, monotonicNow: number): void {
    const isSameSecond = now >= serverTime && now < serverTime + 1_000
    const ahead = (isSameSecond ? now : serverTime) - monotonicNow
    const isSameClock = this.#ahead !== undefined && Math.abs(ahead - this.#ahead) < 2_000
    this.#ahead = isSameClock ? Math.max(ahead, this.#ahead ?? ahead) : ahead
  }

  at(monotonicNow: number): number | undefined {
    return this.#ahead === undefined ? undefined : monotonicNow + this.#ahead
  }
}

/** An answer that says success, and nothing that can be used. */
export const unexpectedBody = (call: ApiCall, answer: ApiAnswer): ApiError =>
  apiError(
    call,
    {
      _tag: "UnexpectedBody",
      // A success by its status can be an error by its body.
      detail:
        Predicate.hasProperty(answer.body, "status") && answer.body.status === "error"
          ? readErrorBody(answer.body, answer.status).detail
          : "the body is not what the API promises",
      status: answer.status,
      excerpt: describeBody(answer.body),
    },
    answer.requestId,
  )

/** A request that was answered with a success, and blocked. */
export const blockedCall = (call: ApiCall, { status, requestId }: ApiAnswer, detail: string): ApiError =>
  apiError(call, { _tag: "Rejected", detail, status, issues: [] }, requestId)

const toTimeout = (timeout: ApiCall["timeout"] = "30 seconds"): Effect.Effect<Duration.Input> =>
  Effect.isEffect(timeout) ? timeout : Effect.succeed(timeout)

const describeOutcome = (exit: Exit.Exit<unknown, ApiError>): string =>
  Exit.isSuccess(exit)
    ? "ok"
    : Option.match(Cause.findErrorOption(exit.cause), {
        onNone: () => "interrupted",
        onSome: (error) => error.reason._tag,
      })

const apiError = (call: ApiCall, reason: ApiErrorReason, requestId?: string): ApiError =>
  new ApiError({ reason, request: describeCall(call), jobId: call.jobId, requestId })

const describeCall = (call: ApiCall): string => `${call.method} ${call.path}`

const toRequest = (call: ApiCall, config: ScenarioConfig["Service"]): TransportRequest => ({
  method: call.method,
  url: `${config.baseUrl.replace(/\/$/, "")}${call.path}${describeQuery({ projectId: config.projectId, ...call.query })}`,
  headers: {
    accept: "application/json",
    "user-agent": "scenario-automation",
    ...(config.auth === "core" ? { authorization: signatureBy(config) } : {}),
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
  },
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

const signatureBy = ({ apiKey, apiSecret }: ScenarioConfig["Service"]): string =>
  `Basic ${Base64.encode(`${Redacted.value(apiKey)}:${Redacted.value(apiSecret)}`)}`

const dateIn = (headers: ResponseHeaders): number | undefined => {
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

const toReason = ({ stage, cause }: TransportFailed, hasAnswered: boolean): ApiErrorReason => {
  switch (stage) {
    case "url":
      return {
        _tag: "Unreachable",
        detail: "the request could not be made; is the base URL right?",
        neverSent: true,
        isPermanent: true,
      }
    case "head": {
      const { detail, neverSent, isPermanent } = readTransportTrouble(cause)
      return { _tag: "Unreachable", detail, neverSent, isPermanent: isPermanent && !hasAnswered }
    }
    case "body":
      return { _tag: "Unreachable", detail: "the answer broke off", neverSent: false }
  }
}
