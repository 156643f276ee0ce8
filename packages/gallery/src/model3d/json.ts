// Members of an untrusted file: the expected type, or a default.

export type JsonRecord = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const toRecord = (value: unknown): JsonRecord => (isRecord(value) ? value : {})

export const toList = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

export const toNumber = (value: unknown, byDefault: number): number =>
  typeof value === "number" && Number.isFinite(value) ? value : byDefault

/** As many numbers as there are defaults, or else the defaults. */
export const toNumbers = (value: unknown, byDefault: ReadonlyArray<number>): ReadonlyArray<number> => {
  const list = toList(value)
  const numbers = list.filter((each) => typeof each === "number")
  return numbers.length === byDefault.length && list.length === numbers.length ? numbers : byDefault
}

export const toTexts = (value: unknown): ReadonlyArray<string> =>
  toList(value).filter((each) => typeof each === "string")
