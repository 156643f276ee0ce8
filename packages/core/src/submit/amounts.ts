import { LargeInteger, toExactNumber } from "../utils/json.ts"
import { isRounded } from "../utils/describeValue.ts"

/** A number, or an integer with more digits than a JavaScript number. */
export type Amount = number | bigint

const integer = /^[+-]?\d+$/
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** Signed and unsigned integers of 64 bits. */
const minInteger = -(2n ** 63n)
const maxInteger = 2n ** 64n - 1n

/** Reads a number, or text with one; `undefined` if digits were lost, or would be. */
export const readAmount = (value: unknown): Amount | undefined => {
  if (value instanceof LargeInteger) return readInteger(value.digits)
  if (typeof value === "bigint") return readInteger(String(value))
  if (typeof value === "string") {
    const text = value.trim()
    if (integer.test(text)) return readInteger(text)
    return decimal.test(text) ? readAmount(Number(text)) : undefined
  }
  return typeof value === "number" && Number.isFinite(value) && !isRounded(value) ? value : undefined
}

const readInteger = (text: string): Amount | undefined => {
  const exact = BigInt(text.replace("+", ""))
  if (exact < minInteger || exact > maxInteger) return undefined
  const number = Number(exact)
  return Number.isSafeInteger(number) ? number : exact
}

export const toBodyNumber = (amount: Amount): number | LargeInteger =>
  typeof amount === "bigint" ? toExactNumber(amount) : amount

type Bound = number | string | undefined

/** Whether an amount is within both bounds. Integers are compared exactly. */
export const isWithin = (amount: Amount, min: Bound, max: Bound): boolean =>
  (min === undefined || amount >= toAmount(min)) && (max === undefined || amount <= toAmount(max))

/**
 * Whether an amount is on a step, counted from the minimum or from zero. The API doesn't document which, so both are allowed.
 */
export const isOnStep = (amount: Amount, min: Bound, step: number | undefined): boolean => {
  if (step === undefined || step <= 0) return true
  return [min ?? 0, 0].map(toAmount).some((base) => isMultiple(amount, base, step))
}

const isMultiple = (amount: Amount, base: Amount, step: number): boolean => {
  if (typeof amount === "number" && typeof base === "number") {
    const steps = (amount - base) / step
    return Math.abs(steps - Math.round(steps)) < 1e-6
  }
  if (![amount, base, step].every((one) => typeof one === "bigint" || Number.isSafeInteger(one))) return true
  return (BigInt(amount) - BigInt(base)) % BigInt(step) === 0n
}

const toAmount = (bound: number | string): Amount => (typeof bound === "string" ? BigInt(bound) : bound)
