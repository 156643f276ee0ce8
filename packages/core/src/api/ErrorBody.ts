import * as Predicate from "effect/Predicate"
import { toPauseMs } from "./pause.ts"

/** What a refusal says, whatever shape it has. */
export interface ErrorBody {
  /** The API's own sentence, or the start of an unknown body. */
  readonly detail: string
  /** Which error it is, in the API's own word: `ModelAccessRestrictedError`. */
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
 * Reads the body of a refusal. Three shapes are documented ({reason, name?, details?}, {statusCode, error, message}, and
 * {status: "error", code, message}), the contract has {apiError, error, infos}, the gateway {message}, and a proxy before
 * it answers in HTML. First of `reason, message, error, detail` wins, as in Scenario's own Blender plugin.
 */
export const readErrorBody = (body: unknown, status: number): ErrorBody => {
  const nothingSaid = `HTTP ${status}`
  if (!Predicate.isObject(body)) {
    return { detail: (typeof body === "string" ? readableText(body) : "") || nothingSaid }
  }
  const fields: Record<string, unknown> = { ...body }
  const details: Record<string, unknown> = Predicate.isObject(fields["details"])
    ? { ...fields["details"] }
    : {}
  const remainingSeconds = readNumber(details["remainingSeconds"]) ?? readNumber(fields["remainingSeconds"])
  return {
    detail:
      firstText(fields, ["reason", "message", "Message", "error", "detail", "apiError", "code", "name"]) ??
      (Object.keys(fields).length === 0 ? nothingSaid : describeBody(body)),
    name: firstText(fields, ["name", "code"]),
    requestId: firstText(fields, ["trace_id", "traceId", "requestId", "id"]),
    actionName: firstText(details, ["actionName"]),
    actionLimit: readNumber(details["actionLimit"]),
    remainingMs: remainingSeconds === undefined ? undefined : toPauseMs(remainingSeconds * 1000),
  }
}

/** No real error is nested deeper than this. */
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
      const text = value.slice(0, readChars).trim()
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

/** Characters of a foreign text that are looked at: a page says what it is at its beginning. */
const readChars = 8_192

/** An HTML page's title or words, without its tags. The patterns stop at the next `<`, so that each is linear. */
const readableText = (body: string): string => {
  const page = body.slice(0, readChars)
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(page)?.[1]?.trim()
  return shorten((title || page.replace(/<[^<>]*>/g, " ")).replace(/\s+/g, " ").trim())
}

/** The start of a body of unknown shape. */
export const describeBody = (body: unknown): string => {
  if (typeof body === "string") return shorten(body)
  try {
    return shorten(JSON.stringify(body) ?? "")
  } catch {
    // Nested so deep that it cannot be written again.
    return "a body that cannot be shown"
  }
}

/** At most 300 characters: enough to understand, too little to flood a log. */
export const shorten = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 297)}...`)
