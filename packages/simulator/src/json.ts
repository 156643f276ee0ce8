/** A JSON value. A member can be `undefined`, because JSON.stringify leaves it out. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | JsonObject

export interface JsonObject {
  readonly [name: string]: Json | undefined
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const isStringArray = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string")

export const readString = (object: JsonObject, name: string): string | undefined => {
  const value = object[name]
  return typeof value === "string" ? value : undefined
}

export const readNumber = (object: JsonObject, name: string): number | undefined => {
  const value = object[name]
  return typeof value === "number" ? value : undefined
}

/** An empty list if the member isn't a list of strings. */
export const readStrings = (object: JsonObject, name: string): ReadonlyArray<string> => {
  const value = object[name]
  return isStringArray(value) ? value : []
}
