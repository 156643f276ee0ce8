import { parseJson } from "@scenario-automation/core/host"

/** Reads a parameter of any type, because an expression can return anything. */
export const toText = (value: unknown): string | undefined => {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim()
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined
}

export const toNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : undefined
}

/** A list separated by commas or lines, as JSON, or from an expression. */
export const toList = (value: unknown): ReadonlyArray<string> =>
  toElements(value)
    .map(toText)
    .filter((text) => text !== undefined)

/** Like `toList`, but keeps each element's type. */
export const toElements = (value: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(value)) return value
  if (typeof value !== "string") return value === undefined || value === null ? [] : [value]
  const parsed = value.trimStart().startsWith("[") ? tryParseJson(value) : undefined
  if (Array.isArray(parsed)) return parsed
  // URLs can contain commas: a text with a colon is split only at a comma before a space.
  return value
    .split(/\n|,\s/)
    .flatMap((part) => (part.includes(":") ? [part] : part.split(",")))
    .map((part) => part.trim())
    .filter((part) => part !== "")
}

/** `undefined` if the text isn't JSON. */
export const tryParseJson = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** `undefined` if the list is empty. */
export const toFilledList = (value: unknown): ReadonlyArray<string> | undefined => {
  const list = toList(value)
  return list.length === 0 ? undefined : list
}
