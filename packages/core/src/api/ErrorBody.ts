import { Predicate } from "effect"

/** What a refusal says, whatever shape it has. */
export interface ErrorBody {
  /** The API's own sentence, or the start of an unknown body. */
  readonly detail: string
  /** Scenario's trace id, where the body has one. */
  readonly requestId?: string | undefined
  /** `details` of a 429: which limit was hit. */
  readonly actionName?: string | undefined
  readonly actionLimit?: number | undefined
  /** `details.remainingSeconds` of a cooldown, in milliseconds. */
  readonly remainingMs?: number | undefined
}

/**
 * Reads the body of a refusal. The API has three shapes ({reason}, {apiError, error, infos}, and the gateway's
 * {message}), and a proxy before it answers in HTML. First of `reason, message, error, detail` wins, as in
 * Scenario's own Blender plugin.
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
  const remainingSeconds = numberOf(details["remainingSeconds"]) ?? numberOf(fields["remainingSeconds"])
  return {
    detail:
      firstText(fields, ["reason", "message", "error", "detail", "apiError"]) ??
      (Object.keys(fields).length === 0 ? nothingSaid : shorten(JSON.stringify(body))),
    requestId: firstText(fields, ["trace_id", "traceId", "requestId", "id"]),
    actionName: firstText(details, ["actionName"]),
    actionLimit: numberOf(details["actionLimit"]),
    remainingMs: remainingSeconds === undefined ? undefined : remainingSeconds * 1000,
  }
}

const firstText = (fields: Record<string, unknown>, names: ReadonlyArray<string>): string | undefined => {
  for (const name of names) {
    const value = fields[name]
    if (typeof value === "string" && value.trim() !== "") return shorten(value.trim())
    if (Predicate.isObject(value)) {
      const inner = firstText({ ...value }, ["reason", "message", "detail"])
      if (inner !== undefined) return inner
    }
  }
  return undefined
}

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : undefined
}

/** An HTML page's title or words, without its tags. */
const readableText = (body: string): string => {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]
  return shorten((title ?? body.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ").trim())
}

/** At most 300 characters: enough to understand, too little to flood a log. */
export const shorten = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 297)}...`)
