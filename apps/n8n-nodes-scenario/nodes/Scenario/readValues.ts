import { BadParameter } from "./BadParameter.ts"

/**
 * Readers of the user's settings. An expression can return any value, and ignoring an unreadable limit would cost money: a
 * setting that can't be read is an error before anything is sent.
 */

/** A number, or a text with a number. */
export const readNumber = (
  label: string,
  value: unknown,
  { min, max = Infinity, isWhole = false }: { min: number; max?: number; isWhole?: boolean },
): number => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  const isRight =
    typeof number === "number" &&
    Number.isFinite(number) &&
    number >= min &&
    number <= max &&
    (!isWhole || Number.isInteger(number))
  if (isRight) return number
  const kind = isWhole ? "a whole number" : "a number"
  const range = max === Infinity ? `${kind} of at least ${min}` : `${kind} from ${min} to ${max}`
  throw makeUnusable(label, value, range)
}

/** Reads what n8n itself takes for a boolean: `true`, `"TRUE"`, `1`, `"1"`. */
export const readBoolean = (label: string, value: unknown): boolean => {
  if (typeof value === "boolean") return value
  const text =
    typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : ""
  if (text === "true" || text === "1") return true
  if (text === "false" || text === "0") return false
  throw makeUnusable(label, value, "true or false")
}

/** One of the values or labels, in any case. */
export const readChoice = <A extends string>(
  label: string,
  value: unknown,
  choices: Readonly<Record<A, string>>,
): A => {
  const text = typeof value === "string" ? value.trim().toLowerCase() : undefined
  for (const choice in choices) {
    if (choice.toLowerCase() === text || choices[choice].toLowerCase() === text) return choice
  }
  throw makeUnusable(label, value, Object.keys(choices).join(" or "))
}

/** A text, or a number, because n8n turns an expression's digits into one; empty is `undefined`. */
export const readText = (label: string, value: unknown): string | undefined => {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim()
  if (typeof value === "number") return String(value)
  throw makeUnusable(label, value, "a text")
}

const makeUnusable = (label: string, value: unknown, expected: string): BadParameter =>
  new BadParameter({
    message: `${label} must be ${expected}, but it is ${quote(value)}. Nothing was sent. Correct the field and run the node again.`,
  })

/** A field's value, short enough for an error. */
export const quote = (value: unknown): string => {
  if (value === undefined || value === null || value === "") return "empty"
  if (typeof value === "string") return `"${shorten(value, 60)}"`
  return shorten(JSON.stringify(value) ?? typeof value, 60)
}

export const shorten = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength)}… (${text.length} characters)`
