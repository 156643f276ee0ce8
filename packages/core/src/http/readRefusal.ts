import { readErrorBody } from "../api/ErrorBody.ts"
import { describeBlock } from "../api/IpDetection.ts"
import { toPauseMs } from "../api/pause.ts"
import type { ApiErrorReason, InputIssue } from "../errors.ts"
import type { ResponseHeaders } from "./HttpTransport.ts"

/** A refusal, by its status first and by its body's fields second. */
export const readRefusal = (answer: {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: unknown
  /** Epoch milliseconds, for a Retry-After that is a date. */
  readonly now: number
}): { readonly reason: ApiErrorReason; readonly requestId: string | undefined } => {
  const { status, headers, body } = answer
  const said = readErrorBody(body, status)
  const requestId = headers["x-request-id"] ?? headers["x-amzn-requestid"] ?? said.requestId
  const block = describeBlock(body)
  const detail = block ?? said.detail
  const as = (reason: ApiErrorReason) => ({ reason, requestId })
  if (block !== undefined) return as({ _tag: "Rejected", detail, status, issues: [] })
  if (status === 401) return as({ _tag: "Unauthorized", detail })
  if (status === 402) return as({ _tag: "PlanRequired", detail })
  if (status === 403) {
    // The gateway's answer to a path that it doesn't have, whatever the key is.
    if (/missing authentication token/i.test(detail)) {
      return as({ _tag: "Unreachable", detail: noSuchPath, neverSent: true, isPermanent: true })
    }
    if (said.name === "ModelAccessRestrictedError") return as({ _tag: "PlanRequired", detail })
    if (headers["x-amzn-errortype"]?.startsWith("AccessDenied") === true) {
      return as({ _tag: "Unauthorized", detail })
    }
    // Without a marker only its words tell a 403 for the plan from one for the project: it names model and plan.
    return as({ _tag: /\bplans?\b/i.test(detail) ? "PlanRequired" : "Forbidden", detail })
  }
  if (status === 404 || status === 410) return as({ _tag: "NotFound", detail })
  if (status === 429) {
    const kind =
      said.remainingMs !== undefined
        ? "cooldown"
        : said.actionName !== undefined || said.actionLimit !== undefined || saysConcurrency.test(detail)
          ? "concurrency"
          : "rate"
    const retryAfterMs = said.remainingMs ?? readRetryAfter(headers, answer.now)
    const { actionName: ceiling, actionLimit: limit } = said
    return as({ _tag: "RateLimited", detail, kind, retryAfterMs, ceiling, limit })
  }
  if (status === 408 || status >= 500) return as({ _tag: "Unavailable", detail, status })
  if (status >= 400) return as({ _tag: "Rejected", detail, status, issues: readIssues(detail) })
  return as({
    _tag: "UnexpectedBody",
    detail: status >= 300 ? "a redirect, which is not followed with credentials" : "not an answer",
    status,
    excerpt: detail,
  })
}

const noSuchPath =
  "its gateway has nothing at this address (Missing Authentication Token): the base URL is wrong, or this endpoint is gone"

/** A refusal at a ceiling of running jobs may come without its details. */
const saysConcurrency = /\b(concurren|parallel|simultaneous)\w*\s+(?!requests?\b)|already running/i

/** `retry-after-ms` (milliseconds) before `retry-after` (seconds, or a date). */
export const readRetryAfter = (headers: ResponseHeaders, now: number): number | undefined => {
  const inMs = Number(headers["retry-after-ms"] ?? Number.NaN)
  if (Number.isFinite(inMs)) return toPauseMs(inMs)
  const header = headers["retry-after"]
  if (header === undefined || header.trim() === "") return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return toPauseMs(seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : toPauseMs(date - now)
}

/** The API's validator writes `"modelId" must be a string`. */
const readIssues = (detail: string): ReadonlyArray<InputIssue> =>
  [...detail.matchAll(/"([\w.[\]]+)" (must [^".]+|is [^".]+)/g)].map(([, path = "", expected = ""]) => ({
    path,
    expected: `what Scenario asks for: it ${expected.trim()}`,
    got: "what was sent",
  }))
