import { Schema } from "effect"
import { InputIssue } from "./InputIssue.ts"
import { endSentence } from "./sentence.ts"

/** The key or the secret is wrong (401). */
const Unauthorized = Schema.TaggedStruct("Unauthorized", { detail: Schema.String })
/** The key may not do this (403). */
const Forbidden = Schema.TaggedStruct("Forbidden", { detail: Schema.String })
/** The plan or the credit does not cover this (402, or a 403 that names a plan). */
const PlanRequired = Schema.TaggedStruct("PlanRequired", { detail: Schema.String })
/** The API refuses the request as it stands (400, 409, 413, 422 and their like). */
const Rejected = Schema.TaggedStruct("Rejected", {
  detail: Schema.String,
  status: Schema.Number,
  issues: Schema.Array(InputIssue),
})
/** There is no such job, asset, model, .. (404, 410). */
const NotFound = Schema.TaggedStruct("NotFound", { detail: Schema.String })
/** Too much for now (429). `rate`: requests a minute; `concurrency`: running jobs; `cooldown`: a forced pause. */
const RateLimited = Schema.TaggedStruct("RateLimited", {
  detail: Schema.String,
  kind: Schema.Literals(["rate", "concurrency", "cooldown"]),
  /** Milliseconds, where the API says. */
  retryAfterMs: Schema.optional(Schema.Number),
})
/** Scenario answers, but has trouble (408, 5xx). */
const Unavailable = Schema.TaggedStruct("Unavailable", {
  detail: Schema.String,
  status: Schema.Number,
})
/** No answer came: refused, reset, name not found, time out. */
const Unreachable = Schema.TaggedStruct("Unreachable", {
  detail: Schema.String,
  /** True when the request certainly did not reach the API. */
  neverSent: Schema.Boolean,
  /** True if trying again can't help: the host doesn't exist, or its certificate isn't trusted. */
  isPermanent: Schema.optional(Schema.Boolean),
})
/** A successful answer whose body is not what the API promises. */
const UnexpectedBody = Schema.TaggedStruct("UnexpectedBody", {
  detail: Schema.String,
  status: Schema.Number,
  /** The first characters of the body. */
  excerpt: Schema.String,
})

export const ApiErrorReason = Schema.Union([
  Unauthorized,
  Forbidden,
  PlanRequired,
  Rejected,
  NotFound,
  RateLimited,
  Unavailable,
  Unreachable,
  UnexpectedBody,
])
export type ApiErrorReason = typeof ApiErrorReason.Type

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
      return `Scenario does not know this: ${detail} Check the id and the project (${request}).`
    case "RateLimited":
      return `${limitWording[reason.kind]}: ${detail} ${whenToRetry(reason.retryAfterMs)} (${request}).`
    case "Unavailable":
      return `Scenario is having trouble (${reason.status}): ${detail} Try again later (${request}).`
    case "Unreachable":
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
