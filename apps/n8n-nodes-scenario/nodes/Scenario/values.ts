import { parseJson } from "@scenario-automation/core"

/** Reads what n8n hands out for a parameter: expressions can make anything of a text field. */
export const toText = (value: unknown): string | undefined => {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim()
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined
}

export const toNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : undefined
}

/** A list as people write one (commas or lines), as JSON, or as an expression gives it. */
export const toList = (value: unknown): ReadonlyArray<string> =>
  toElements(value)
    .map(toText)
    .filter((text) => text !== undefined)

/** The same, with elements as they are. */
export const toElements = (value: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(value)) return value
  if (typeof value !== "string") return value === undefined || value === null ? [] : [value]
  const parsed = value.trimStart().startsWith("[") ? tryParseJson(value) : undefined
  if (Array.isArray(parsed)) return parsed
  // A link or a data URL may hold commas: what has a colon in it is only cut before a blank.
  return value
    .split(/\n|,\s/)
    .flatMap((part) => (part.includes(":") ? [part] : part.split(",")))
    .map((part) => part.trim())
    .filter((part) => part !== "")
}

/** JSON that a user has typed; `undefined` if it isn't JSON. */
export const tryParseJson = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A list of a filter; `undefined` if it is empty. */
export const toFilledList = (value: unknown): ReadonlyArray<string> | undefined => {
  const list = toList(value)
  return list.length === 0 ? undefined : list
}
