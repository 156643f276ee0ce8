import type { InputIssue } from "./InputIssue.ts"
import { adviseSuccessor } from "./adviseSuccessor.ts"
import { endSentence } from "./utils/sentence.ts"

/** The key or the secret is wrong (401, or a 403 of the gateway). */
interface Unauthorized {
  readonly _tag: "Unauthorized"
  readonly detail: string
}
/** The key isn't allowed to do this (403). */
interface Forbidden {
  readonly _tag: "Forbidden"
  readonly detail: string
}
/** The plan or the compute units don't cover this (402, or a 403 that names a plan or the model's restriction). */
interface PlanRequired {
  readonly _tag: "PlanRequired"
  readonly detail: string
}
/** The API rejects the request (400, 409, 413, 422, and other 4xx). */
interface Rejected {
  readonly _tag: "Rejected"
  readonly detail: string
  readonly status: number
  readonly issues: ReadonlyArray<InputIssue>
}
/** There is no such job, asset, model, … (404, 410). */
interface NotFound {
  readonly _tag: "NotFound"
  readonly detail: string
}
/** A limit was reached (429). `rate`: requests per minute; `concurrency`: running jobs; `cooldown`: a forced pause. */
interface RateLimited {
  readonly _tag: "RateLimited"
  readonly detail: string
  readonly kind: "rate" | "concurrency" | "cooldown"
  /** Milliseconds, if the API says. */
  readonly retryAfterMs?: number | undefined
  /** For `concurrency`: the ceiling's name, such as `parallel-custom-jobs`, and how many jobs can run at once. */
  readonly ceiling?: string | undefined
  readonly limit?: number | undefined
}
/** Scenario is temporarily unavailable (408, 5xx). */
interface Unavailable {
  readonly _tag: "Unavailable"
  readonly detail: string
  readonly status: number
}
/** No response came: the connection was refused or reset, the host wasn't found, or the request timed out. */
interface Unreachable {
  readonly _tag: "Unreachable"
  readonly detail: string
  /** True if the request certainly didn't reach the API. */
  readonly neverSent: boolean
  /** True if a retry can't help: the host doesn't exist, or its certificate isn't trusted. */
  readonly isPermanent?: boolean | undefined
  /** True if this library didn't send it, because too little time was left, or because it could be charged twice. */
  readonly isWithheld?: boolean | undefined
}
/** A 2xx response with an unusable body. */
interface UnexpectedBody {
  readonly _tag: "UnexpectedBody"
  readonly detail: string
  readonly status: number
  /** The first characters of the body. */
  readonly excerpt: string
}

export type ApiErrorReason =
  | Unauthorized
  | Forbidden
  | PlanRequired
  | Rejected
  | NotFound
  | RateLimited
  | Unavailable
  | Unreachable
  | UnexpectedBody

/** Sentences that say what happened, and what to do. */
export const describeReason = (reason: ApiErrorReason, request: string): string => {
  const detail = endSentence(reason.detail)
  switch (reason._tag) {
    case "Unauthorized":
      return `Scenario does not accept the API key and secret: ${detail} Check both (${request}).`
    case "Forbidden":
      return `Scenario does not allow this: ${detail} Check the project and the permissions of the key (${request}).`
    case "PlanRequired":
      return `The plan or the compute units of this account don't cover this: ${detail} Choose another model, get more compute units, or change the plan (${request}).`
    case "Rejected":
      return `Scenario rejected the request (${reason.status}): ${detail} Correct the request, then send it again (${request}).`
    case "NotFound":
      return `Not found in Scenario: ${detail} ${adviseSuccessor(request, detail) ?? "Check the ID and the project"} (${request}).`
    case "RateLimited":
      return `${limitTexts[reason.kind]}: ${detail} ${describeRetry(reason.retryAfterMs)} (${request}).`
    case "Unavailable":
      return `Scenario is unavailable (${reason.status}): ${detail} Try again later (${request}).`
    case "Unreachable":
      if (reason.isWithheld === true) return `Nothing was sent: ${detail} Try again later (${request}).`
      return `Scenario can't be reached: ${detail} Check the network and the base URL, then try again (${request}).`
    case "UnexpectedBody":
      return `Scenario's response (${reason.status}) could not be read: ${detail} Try again. If it happens again, report it (${request}).`
  }
}

const limitTexts = {
  rate: "Too many requests for this account",
  concurrency: "Too many jobs are running on this account",
  cooldown: "Scenario asks this account to pause",
} as const

const describeRetry = (retryAfterMs: number | undefined): string =>
  retryAfterMs === undefined ? "Try again later" : `Try again in ${Math.ceil(retryAfterMs / 1000)} s`
