import { type InputDescriptor, type InputValue } from "@scenario-automation/core"
import { parseJson } from "./parseJson.ts"

/**
 * An input from the form; `undefined` if it is empty. 0 and false are values. Zapier's servers drop empty values, but not in
 * all cases.
 */
export const readInput = ({ type }: InputDescriptor, value: unknown): InputValue => {
  if (isBlank(value)) return undefined
  const element = type.replace(/_array$/, "")
  const isList = element !== type
  if (isList && (element === "file" || element === "model")) return readReferences(value)
  if (isList) {
    const set = readElements(value).filter((one) => !isBlank(one))
    return set.length === 0 ? undefined : set.map((one) => readElement(element, one))
  }
  // An earlier step's list of results can arrive as a list of one.
  return readElement(type, Array.isArray(value) && value.length === 1 ? value[0] : value)
}

export const toInputValue = (value: unknown): InputValue => {
  if (Array.isArray(value)) return value.map(toInputValue)
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toInputValue(one)]))
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined
}

/** Agents and spreadsheets write `FALSE`, `no`, or 0. Core refuses other values. */
export const readBoolean = (value: unknown): unknown => {
  if (typeof value !== "string" && typeof value !== "number") return value
  return booleans.get(String(value).trim().toLowerCase()) ?? value
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "y", "on", "1"].map((text) => [text, true] as const),
  ...["false", "no", "n", "off", "0"].map((text) => [text, false] as const),
])

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "")

const readElement = (type: string, value: unknown): InputValue => {
  switch (type) {
    case "boolean":
      return toInputValue(readBoolean(value))
    case "file":
    case "model":
      return typeof value === "string" ? value.trim() : toInputValue(value)
    case "string":
    case "number":
      return toInputValue(value)
    default:
      // Zapier passes a mapped object as JSON text.
      return toInputValue(typeof value === "string" ? (parseJson(value) ?? value) : value)
  }
}

/** The elements of a list. A JSON text is parsed, also if Zapier wrapped it in a list. */
const readElements = (value: unknown): ReadonlyArray<unknown> => {
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
  const parsed = typeof only === "string" && only.trim().startsWith("[") ? parseJson(only) : undefined
  if (Array.isArray(parsed)) return parsed
  return Array.isArray(value) ? value : [value]
}

/**
 * A list of models or files, by their IDs or links. Zapier joins an earlier step's list with commas if it is mapped into one
 * line.
 */
const readReferences = (value: unknown): InputValue => {
  const references = readElements(value).flatMap((one): ReadonlyArray<unknown> =>
    typeof one === "string" && !one.startsWith("data:") ? split(one) : [one],
  )
  const set = references.filter((one) => !isBlank(one))
  return set.length === 0 ? undefined : toInputValue(set)
}

const split = (text: string): ReadonlyArray<string> =>
  text.split(text.includes("://") ? /,?\s+|,(?=https?:\/\/)/ : /[\s,]+/)
