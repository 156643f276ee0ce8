/** The text of a field; `undefined` if it is empty. IDs may be mapped as numbers, or as a list of one. */
export const readText = (inputData: Readonly<Record<string, unknown>>, key: string): string | undefined => {
  const value = unwrapSingle(inputData[key])
  if (typeof value === "number") return String(value)
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined
}

/** An earlier step's list of one file arrives as a list, even in a field for a single value. */
const unwrapSingle = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? value[0] : value

/** Whether a field holds a `{{…}}`, which Zapier fills in only when the Zap runs. */
export const isUnresolved = (text: string | undefined): boolean => text?.includes("{{") === true

export const isFilledIn = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === "string" && value.trim() === "")

export const describeValue = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}
