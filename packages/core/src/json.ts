/** What JSON can hold. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | { readonly [name: string]: Json }

/**
 * An integer with more digits than a JavaScript number holds. `writeJson` writes it as a number; to `JSON.stringify`, and to
 * everyone who prints it, it is its decimal text.
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

/** An integer as a number if a number holds it exactly. */
export const toExactNumber = (integer: bigint): number | LargeInteger => {
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : new LargeInteger(integer)
}

/**
 * Reads JSON. An integer that a number would round, such as a 64-bit seed, becomes its decimal text. Throws `SyntaxError`
 * if it isn't JSON.
 */
export const parseJson = (text: string): Json => {
  const parsed: Json = JSON.parse(text)
  // Not by the reviver's `source`: Node 20 has none, and a reviver runs for every value of every response.
  return mayHoldLargeIntegers.test(text) ? JSON.parse(text.replaceAll(stringOrNumber, quoteIfLarge)) : parsed
}

const mayHoldLargeIntegers = /(?:^|[:[,])\s*-?\d{16}/

/** The tokens of JSON that can hold digits. A string is one token, whatever stands in it. */
const stringOrNumber = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

const quoteIfLarge = (token: string): string =>
  /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token

/** Writes JSON with the digits of large integers (a `bigint`, or a `LargeInteger`) as numbers. */
export const writeJson = (value: unknown): string => {
  // Not `JSON.rawJSON`, which Node 20 lacks: no text of the value can hold a mark that is random.
  let mark: string | undefined
  const written = JSON.stringify(value, function (this: unknown, key: string, member: unknown) {
    const original: unknown = typeof this === "object" && this !== null ? Reflect.get(this, key) : member
    if (!(original instanceof LargeInteger) && typeof original !== "bigint") return member
    mark ??= crypto.randomUUID()
    return `${mark}${original.toString()}`
  })
  return mark === undefined ? written : written.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1")
}
