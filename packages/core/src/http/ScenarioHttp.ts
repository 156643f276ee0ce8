import { Cause, Clock, Context, Effect, Exit, Layer, Metric, Option } from "effect"
import { HttpClient, HttpClientRequest, type HttpClientError, type HttpClientResponse } from "effect/http"
import { shorten } from "../api/ErrorBody.ts"
import { ApiError, type ApiErrorReason } from "../errors.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import type { ApiAnswer, ApiCall } from "./ApiCall.ts"
import { ApiHttp } from "./ApiHttp.ts"
import { readRefusal } from "./readRefusal.ts"
import { RequestBudget } from "./RequestBudget.ts"
import { retryRead } from "./RetryPolicy.ts"
import { readTransportTrouble } from "./transportTrouble.ts"

const requestCount = Metric.counter("scenario_requests", {
  description: "Requests made to Scenario's API, by purpose and outcome",
})

/** Speaks with the API: signs, spends the budget, repeats what may be repeated, and names what went wrong. */
export class ScenarioHttp extends Context.Service<
  ScenarioHttp,
  {
    /** Any 2xx succeeds. Reads are repeated (RetryPolicy); anything else is sent once. */
    call(call: ApiCall): Effect.Effect<ApiAnswer, ApiError>
    /** The same, for what `read` makes of the body; `UnexpectedBody` where it makes nothing of it. */
    callFor<A>(call: ApiCall, read: (body: unknown) => A | undefined): Effect.Effect<A, ApiError>
    /** Scenario's clock now, in epoch milliseconds, as its last answer's Date tells; ours until then. */
    readonly serverTime: Effect.Effect<number>
  }
>()("@scenario-automation/core/ScenarioHttp") {
  static readonly layer: Layer.Layer<ScenarioHttp, never, ScenarioConfig | ApiHttp | RequestBudget> =
    Layer.effect(
      ScenarioHttp,
      Effect.gen(function* () {
        const config = yield* ScenarioConfig
        const budget = yield* RequestBudget
        const http = (yield* ApiHttp).pipe(
          HttpClient.mapRequest((request) =>
            request.pipe(
              HttpClientRequest.prependUrl(config.baseUrl),
              HttpClientRequest.acceptJson,
              HttpClientRequest.setHeader("user-agent", "scenario-automation"),
              config.signing === "core"
                ? HttpClientRequest.basicAuth(config.apiKey, config.apiSecret)
                : (unsigned) => unsigned,
            ),
          ),
        )

        let clockOffsetMs = 0

        const attempt = Effect.fnUntraced(function* (call: ApiCall) {
          if (call.onSend !== undefined) yield* call.onSend
          const response = yield* http.execute(requestOf(call, config.projectId))
          const body = readBody(yield* response.text)
          const now = yield* Clock.currentTimeMillis
          const serverTime = dateOf(response)
          if (serverTime !== undefined) clockOffsetMs = offsetBetween(serverTime, now)
          if (response.status < 200 || response.status >= 300) {
            const { reason, requestId } = readRefusal({
              status: response.status,
              headers: response.headers,
              body,
              now,
            })
            return yield* apiError(call, reason, requestId)
          }
          return { status: response.status, body, serverTime, requestId: response.headers["x-request-id"] }
        })

        const once = (call: ApiCall) =>
          attempt(call).pipe(
            Effect.timeoutOrElse({
              duration: call.timeout ?? "30 seconds",
              orElse: () =>
                Effect.fail(
                  apiError(call, { _tag: "Unreachable", detail: "no answer came in time", neverSent: false }),
                ),
            }),
            Effect.catchTag("HttpClientError", (error) => Effect.fail(apiError(call, reasonOf(error)))),
            Effect.tapError((error) =>
              error.reason._tag === "RateLimited" && error.reason.kind === "rate"
                ? budget.slowDown(error.reason.retryAfterMs)
                : Effect.void,
            ),
            Effect.onExit((exit) =>
              Metric.update(
                Metric.withAttributes(requestCount, {
                  purpose: call.purpose ?? "account",
                  outcome: outcomeOf(exit),
                }),
                1,
              ),
            ),
            (request) => budget.spend(call.purpose ?? "account", request),
            // Our own span says what was asked; Effect's would hold the whole URL, and trace headers would go out.
            Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
            Effect.provideService(HttpClient.TracerPropagationEnabled, false),
          )

        /** An answer that cannot be read is one more failure that another attempt may cure. */
        const readAnswer = <A>(one: ApiCall, read: (answer: ApiAnswer) => A | undefined) => {
          const attempts = Effect.flatMap(once(one), (answer) => {
            const value = read(answer)
            return value === undefined ? Effect.fail(unexpectedBody(one, answer)) : Effect.succeed(value)
          })
          return ((one.isRepeatable ?? one.method === "GET") ? retryRead(attempts) : attempts).pipe(
            Effect.withSpan("ScenarioHttp.call", {
              kind: "client",
              attributes: { request: describeCall(one), purpose: one.purpose ?? "account" },
            }),
          )
        }

        return ScenarioHttp.of({
          call: (one) => readAnswer(one, (answer) => answer),
          callFor: (one, read) => readAnswer(one, (answer) => read(answer.body)),
          serverTime: Effect.map(Clock.currentTimeMillis, (now) => now + clockOffsetMs),
        })
      }),
    )
}

/** An answer that says success, and nothing that can be used. */
export const unexpectedBody = (call: ApiCall, answer: ApiAnswer): ApiError =>
  apiError(
    call,
    {
      _tag: "UnexpectedBody",
      detail: "the body is not what the API promises",
      status: answer.status,
      excerpt: shorten(typeof answer.body === "string" ? answer.body : (JSON.stringify(answer.body) ?? "")),
    },
    answer.requestId,
  )

const outcomeOf = (exit: Exit.Exit<unknown, ApiError>): string =>
  Exit.isSuccess(exit)
    ? "ok"
    : Option.match(Cause.findErrorOption(exit.cause), {
        onNone: () => "interrupted",
        onSome: (error) => error.reason._tag,
      })

const apiError = (call: ApiCall, reason: ApiErrorReason, requestId?: string): ApiError =>
  new ApiError({ reason, request: describeCall(call), jobId: call.jobId, requestId })

const describeCall = (call: ApiCall): string => `${call.method} ${call.path}`

const requestOf = (call: ApiCall, projectId: string | undefined): HttpClientRequest.HttpClientRequest =>
  HttpClientRequest.make(call.method)(call.path, { urlParams: { projectId, ...call.query } }).pipe(
    call.body === undefined ? (request) => request : HttpClientRequest.bodyJsonUnsafe(call.body),
  )

const dateOf = (response: HttpClientResponse.HttpClientResponse): number | undefined => {
  const date = Date.parse(response.headers["date"] ?? "")
  return Number.isNaN(date) ? undefined : date
}

/** The header counts in whole seconds, and an answer travels: less than two seconds is no difference. */
const offsetBetween = (serverTime: number, now: number): number =>
  Math.abs(serverTime - now) < 2_000 ? 0 : serverTime - now

const readBody = (text: string): unknown => {
  if (text.trim() === "") return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const reasonOf = (error: HttpClientError.HttpClientError): ApiErrorReason => {
  switch (error.reason._tag) {
    case "InvalidUrlError":
    case "EncodeError":
      return {
        _tag: "Unreachable",
        detail: "the request could not be made; is the base URL right?",
        neverSent: true,
      }
    case "TransportError":
      return { _tag: "Unreachable", ...readTransportTrouble(error) }
    case "DecodeError":
    case "EmptyBodyError":
    case "StatusCodeError":
      return { _tag: "Unreachable", detail: "the answer broke off", neverSent: false }
  }
}
