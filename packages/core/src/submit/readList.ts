import { parseJson } from "../json.ts"

/** A list, one written as JSON text (as forms and agents do), or one element by itself. */
export const readList = (value: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(value)) return value
  return typeof value === "string" ? (parseList(value) ?? [value]) : [value]
}

/** The list that a text holds as JSON. */
const parseList = (text: string): ReadonlyArray<unknown> | undefined => {
  if (!/^\s*\[/.test(text) || !/\]\s*$/.test(text)) return undefined
  try {
    const parsed = parseJson(text)
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
