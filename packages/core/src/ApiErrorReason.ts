import type { InputIssue } from "./InputIssue.ts"
import { adviseSuccessor } from "./olderEndpoints.ts"
import { endSentence } from "./sentence.ts"

/** The key or the secret is wrong (401, or a 403 of the gateway that denies access). */
interface Unauthorized {
  readonly _tag: "Unauthorized"
  readonly detail: string
}
/** The key may not do this (403). */
interface Forbidden {
  readonly _tag: "Forbidden"
  readonly detail: string
}
/** The plan or the credit does not cover this (402, or a 403 that names the model's restriction or a plan). */
interface PlanRequired {
  readonly _tag: "PlanRequired"
  readonly detail: string
}
/** The API refuses the request as it stands (400, 409, 413, 422 and their like). */
interface Rejected {
  readonly _tag: "Rejected"
  readonly detail: string
  readonly status: number
  readonly issues: ReadonlyArray<InputIssue>
}
/** There is no such job, asset, model, .. (404, 410). */
interface NotFound {
  readonly _tag: "NotFound"
  readonly detail: string
}
/** Too much for now (429). `rate`: requests a minute; `concurrency`: running jobs; `cooldown`: a forced pause. */
interface RateLimited {
  readonly _tag: "RateLimited"
  readonly detail: string
  readonly kind: "rate" | "concurrency" | "cooldown"
  /** Milliseconds, if the API says. */
  readonly retryAfterMs?: number | undefined
  /** Of `concurrency`: the ceiling's name, such as `parallel-custom-jobs`, and how many jobs may run at once. */
  readonly ceiling?: string | undefined
  readonly limit?: number | undefined
}
/** Scenario answers, but has trouble (408, 5xx). */
interface Unavailable {
  readonly _tag: "Unavailable"
  readonly detail: string
  readonly status: number
}
/** No answer came: refused, reset, name not found, time out. */
interface Unreachable {
  readonly _tag: "Unreachable"
  readonly detail: string
  /** True when the request certainly did not reach the API. */
  readonly neverSent: boolean
  /** True if trying again can't help: the host doesn't exist, or its certificate isn't trusted. */
  readonly isPermanent?: boolean | undefined
  /** True if this library decided not to send: the time was too short, or it could have been charged twice. */
  readonly isWithheld?: boolean | undefined
}
/** A successful answer whose body is not what the API promises. */
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

/** One plain sentence that ends in what to do. */
export const describeReason = (reason: ApiErrorReason, request: string): string => {
  const detail = endSentence(reason.detail)
  switch (reason._tag) {
    case "Unauthorized":
      return `Scenario does not accept the API key and secret: ${detail} Check both (${request}).`
    case "Forbidden":
      return `Scenario does not allow this: ${detail} Check the project and what the key may do (${request}).`
    case "PlanRequired":
      return `The plan or the credit of this account does not cover this: ${detail} Choose another model, or change the plan (${request}).`
    case "Rejected":
      return `Scenario refused the request (${reason.status}): ${detail} Correct it and call again (${request}).`
    case "NotFound":
      return `Scenario does not know this: ${detail} ${adviseSuccessor(request, detail) ?? "Check the id and the project"} (${request}).`
    case "RateLimited":
      return `${limitWording[reason.kind]}: ${detail} ${whenToRetry(reason.retryAfterMs)} (${request}).`
    case "Unavailable":
      return `Scenario is having trouble (${reason.status}): ${detail} Try again later (${request}).`
    case "Unreachable":
      if (reason.isWithheld === true) return `Nothing was sent: ${detail} Try again later (${request}).`
      return `Scenario cannot be reached: ${detail} Check the network and the base URL, then try again (${request}).`
    case "UnexpectedBody":
      return `Scenario's answer (${reason.status}) cannot be understood: ${detail} Try again; if it stays, report it (${request}).`
  }
}

const limitWording = {
  rate: "Too many requests for this account",
  concurrency: "Too many jobs are running on this account",
  cooldown: "Scenario asks this account to pause",
} as const

const whenToRetry = (retryAfterMs: number | undefined): string =>
  retryAfterMs === undefined ? "Try again later" : `Try again in ${Math.ceil(retryAfterMs / 1000)} s`
