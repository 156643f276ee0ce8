import type { InputDescriptor } from "../api/InputDescriptor.ts"

type Bound = number | string | undefined

/** Describes bounds: `exactly 4`, `1 to 4`, `at least 1`, `at most 4`; `undefined` without any. `from` precedes both bounds. */
export const describeRange = (min: Bound, max: Bound, from = ""): string | undefined => {
  if (min !== undefined && max !== undefined)
    return min === max ? `exactly ${min}` : `${from}${min} to ${max}`
  if (min !== undefined) return `at least ${min}`
  return max === undefined ? undefined : `at most ${max}`
}

/** Describes the length of a text or a list: `at most 2000 characters`; `undefined` if any length is allowed. */
export const describeLength = (
  noun: "character" | "element",
  { minLength, maxLength }: InputDescriptor,
): string | undefined => {
  const count = describeRange(minLength, maxLength)
  return count === undefined ? undefined : `${count} ${(maxLength ?? minLength) === 1 ? noun : `${noun}s`}`
}
