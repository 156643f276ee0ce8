import { readErrorBody } from "../api/ErrorBody.ts"
import { describeBlock } from "../api/IpDetection.ts"
import { toPauseMs } from "../api/pause.ts"
import type { ApiErrorReason, InputIssue } from "../errors.ts"
import type { ResponseHeaders } from "./HttpTransport.ts"

/** The reason of an error response: its status decides first, then the fields of its body. */
export const readErrorResponse = (response: {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: unknown
  /** Epoch milliseconds. Needed for a Retry-After that is a date. */
  readonly now: number
}): { readonly reason: ApiErrorReason; readonly requestId: string | undefined } => {
  const { status, headers, body } = response
  const error = readErrorBody(body, status)
  const requestId = headers["x-request-id"] ?? headers["x-amzn-requestid"] ?? error.requestId
  const block = describeBlock(body)
  const detail = block ?? error.detail
  const as = (reason: ApiErrorReason) => ({ reason, requestId })
  if (block !== undefined) return as({ _tag: "Rejected", detail, status, issues: [] })
  if (status === 401) return as({ _tag: "Unauthorized", detail })
  if (status === 402) return as({ _tag: "PlanRequired", detail })
  if (status === 403) {
    // The gateway's response to an unknown path, with any key.
    if (/missing authentication token/i.test(detail)) {
      return as({ _tag: "Unreachable", detail: unknownPath, neverSent: true, isPermanent: true })
    }
    if (error.name === "ModelAccessRestrictedError") return as({ _tag: "PlanRequired", detail })
    if (headers["x-amzn-errortype"]?.startsWith("AccessDenied") === true) {
      return as({ _tag: "Unauthorized", detail })
    }
    // A 403 for the plan has no marker. Only its text differs from a 403 for the project: it mentions a plan.
    return as({ _tag: /\bplans?\b/i.test(detail) ? "PlanRequired" : "Forbidden", detail })
  }
  if (status === 404 || status === 410) return as({ _tag: "NotFound", detail })
  if (status === 429) {
    const kind =
      error.remainingMs !== undefined
        ? "cooldown"
        : error.actionName !== undefined || error.actionLimit !== undefined || saysConcurrency.test(detail)
          ? "concurrency"
          : "rate"
    const retryAfterMs = error.remainingMs ?? readRetryAfter(headers, response.now)
    const { actionName: ceiling, actionLimit: limit } = error
    return as({ _tag: "RateLimited", detail, kind, retryAfterMs, ceiling, limit })
  }
  if (status === 408 || status >= 500) return as({ _tag: "Unavailable", detail, status })
  if (status >= 400) return as({ _tag: "Rejected", detail, status, issues: readIssues(detail) })
  return as({
    _tag: "UnexpectedBody",
    detail:
      status >= 300
        ? "redirects are not followed, because the request has credentials"
        : "the status is not an HTTP success or error",
    status,
    excerpt: detail,
  })
}

const unknownPath =
  "its gateway has nothing at this address (Missing Authentication Token). The base URL is wrong, or this endpoint was removed"

/** The 429 of a ceiling on running jobs may come without its details. */
const saysConcurrency = /\b(concurren|parallel|simultaneous)\w*\s+(?!requests?\b)|already running/i

/** Reads `retry-after-ms` (milliseconds), or else `retry-after` (seconds, or a date). */
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
  [...detail.matchAll(/"([\w.[\]]+)" (must [^".]+|is [^".]+)/g)].map(([, path = "", problem = ""]) => ({
    path,
    message: `It ${problem.trim()}.`,
  }))
