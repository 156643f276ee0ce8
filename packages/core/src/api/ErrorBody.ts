import * as Predicate from "effect/Predicate"
import { toPauseMs } from "./pause.ts"

/** What an error response says, in any of its formats. */
export interface ErrorBody {
  /** The API's own message, or the start of an unknown body. */
  readonly detail: string
  /** The API's name for the error: `ModelAccessRestrictedError`. */
  readonly name?: string | undefined
  /** Scenario's trace ID, if the body has one. */
  readonly requestId?: string | undefined
  /** `details` of a 429: which limit was hit. */
  readonly actionName?: string | undefined
  readonly actionLimit?: number | undefined
  /** `details.remainingSeconds` of a cooldown, in milliseconds. */
  readonly remainingMs?: number | undefined
}

/**
 * Reads the body of an error response. Three formats are documented ({reason, name?, details?}, {statusCode, error, message},
 * and {status: "error", code, message}), the contract has {apiError, error, infos}, the gateway {message}, and proxies return
 * HTML. The first of `reason, message, error, detail` wins, as in Scenario's own Blender plugin.
 */
export const readErrorBody = (body: unknown, status: number): ErrorBody => {
  const fallback = `HTTP ${status}`
  if (!Predicate.isObject(body)) {
    return { detail: (typeof body === "string" ? readPage(body) : "") || fallback }
  }
  const fields: Record<string, unknown> = { ...body }
  const details: Record<string, unknown> = Predicate.isObject(fields["details"])
    ? { ...fields["details"] }
    : {}
  const remainingSeconds = readNumber(details["remainingSeconds"]) ?? readNumber(fields["remainingSeconds"])
  return {
    detail:
      firstText(fields, ["reason", "message", "Message", "error", "detail", "apiError", "code", "name"]) ??
      (Object.keys(fields).length === 0 ? fallback : describeBody(body)),
    name: firstText(fields, ["name", "code"]),
    requestId: firstText(fields, ["trace_id", "traceId", "requestId", "id"]),
    actionName: firstText(details, ["actionName"]),
    actionLimit: readNumber(details["actionLimit"]),
    remainingMs: remainingSeconds === undefined ? undefined : toPauseMs(remainingSeconds * 1000),
  }
}

/** Real errors aren't nested deeper. */
const maxDepth = 4

const firstText = (
  fields: Record<string, unknown>,
  names: ReadonlyArray<string>,
  depth = 0,
): string | undefined => {
  if (depth > maxDepth) return undefined
  for (const name of names) {
    const value = fields[name]
    if (typeof value === "string") {
      const text = value.slice(0, maxReadChars).trim()
      if (text !== "") return shorten(text)
    }
    if (Predicate.isObject(value)) {
      const inner = firstText({ ...value }, ["reason", "message", "detail"], depth + 1)
      if (inner !== undefined) return inner
    }
  }
  return undefined
}

const readNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : undefined
}

/** The first characters of a text are enough, and bound the work. */
const maxReadChars = 8_192

/** Reads a page's title, or else its words. The patterns stop at the next `<`, so that they take linear time. */
const readPage = (body: string): string => {
  const page = body.slice(0, maxReadChars)
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(page)?.[1]?.trim()
  return shorten((title || page.replace(/<[^<>]*>/g, " ")).replace(/\s+/g, " ").trim())
}

/** The start of a body in an unknown format. */
export const describeBody = (body: unknown): string => {
  if (typeof body === "string") return shorten(body)
  try {
    return shorten(JSON.stringify(body) ?? "")
  } catch {
    // It is nested too deeply to be written.
    return "a body that can't be shown"
  }
}

/** At most 300 characters, so that a message doesn't flood a log. */
const shorten = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 297)}...`)
