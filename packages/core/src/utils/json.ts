/** Any JSON value. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | { readonly [name: string]: Json }

/**
 * An integer with more digits than a JavaScript number. `writeJson` writes it as a number. For `JSON.stringify` and `String` it
 * is decimal text.
 */
export class LargeInteger {
  readonly digits: string

  constructor(value: bigint) {
    this.digits = String(value)
  }

  toJSON(): string {
    return this.digits
  }

  toString(): string {
    return this.digits
  }
}

/** Converts an integer to a number if that is exact. */
export const toExactNumber = (integer: bigint): number | LargeInteger => {
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : new LargeInteger(integer)
}

/**
 * Parses JSON. An integer that a number would round, such as a 64-bit seed, becomes decimal text. Throws `SyntaxError` if the
 * text isn't JSON.
 */
export const parseJson = (text: string): Json => {
  const parsed: Json = JSON.parse(text)
  // The reviver's `source` isn't used: Node 20 lacks it, and a reviver would run for each value.
  return mayHoldLargeIntegers.test(text) ? JSON.parse(text.replaceAll(stringOrNumber, quoteIfLarge)) : parsed
}

const mayHoldLargeIntegers = /(?:^|[:[,])\s*-?\d{16}/

/** The tokens of JSON that can contain digits. A string is one token, whatever it contains. */
const stringOrNumber = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

const quoteIfLarge = (token: string): string =>
  /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token

/** Writes JSON, with large integers (`bigint` or `LargeInteger`) as numbers. */
export const writeJson = (value: unknown): string => {
  // `JSON.rawJSON` isn't used: Node 20 lacks it. The mark is random, so no text of the value can contain it.
  let mark: string | undefined
  const written = JSON.stringify(value, function (this: unknown, key: string, member: unknown) {
    const original: unknown = typeof this === "object" && this !== null ? Reflect.get(this, key) : member
    if (!(original instanceof LargeInteger) && typeof original !== "bigint") return member
    mark ??= crypto.randomUUID()
    return `${mark}${original.toString()}`
  })
  return mark === undefined ? written : written.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1")
}
