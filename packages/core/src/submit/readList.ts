import { parseJson } from "../utils/json.ts"

/** Reads a list, a list as JSON text (as forms and agents write it), or a single element. */
export const readList = (value: unknown): ReadonlyArray<unknown> => {
  if (Array.isArray(value)) return value
  return typeof value === "string" ? (parseList(value) ?? [value]) : [value]
}

const parseList = (text: string): ReadonlyArray<unknown> | undefined => {
  if (!/^\s*\[/.test(text) || !/\]\s*$/.test(text)) return undefined
  try {
    const parsed = parseJson(text)
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
