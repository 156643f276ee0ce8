/** What was filled in, as text; nothing for an empty field. Ids may be mapped as numbers. */
export const textAt = (inputData: Readonly<Record<string, unknown>>, key: string): string | undefined => {
  const value = inputData[key]
  if (typeof value === "number") return String(value)
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined
}
