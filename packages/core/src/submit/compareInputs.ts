import * as Predicate from "effect/Predicate"
import { isRounded } from "../utils/describeValue.ts"

/**
 * How two records of inputs relate. `equal`: they have the same fields and values. `compatible`: they don't contradict, but one
 * lacks fields of the other, or has a value that Scenario may have rewritten. `different`: a field of both differs. The relation
 * is symmetric.
 */
export type InputRelation = "equal" | "compatible" | "different"

type Inputs = Readonly<Record<string, unknown>>

/** Replaces a data URL in an intent: the file without its content. */
export interface DataUrlDigest {
  readonly dataUrl: {
    readonly contentType: string
    /** Bytes. */
    readonly size: number
    /** Of the file's bytes, in hexadecimal. */
    readonly sha256: string
  }
}

/** Compares the inputs of a submit with the echo in a job, or with those of another submit. */
export const compareInputs = (one: Inputs, other: Inputs): InputRelation => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return findStrictest([...names].map((name) => compareValues(one[name], other[name])))
}

/** Scenario can echo a number as text, and a file as the asset that it became. */
const compareValues = (one: unknown, other: unknown): InputRelation => {
  if (isAbsent(one) || isAbsent(other)) return isAbsent(one) && isAbsent(other) ? "equal" : "compatible"
  if (isFileContent(one) || isFileContent(other)) return compareFiles(one, other)
  if (Array.isArray(one) || Array.isArray(other)) return compareLists(toList(one), toList(other))
  if (Predicate.isObject(one) && Predicate.isObject(other)) return compareInputs({ ...one }, { ...other })
  if (isSameScalar(one, other)) return "equal"
  return isRewritten(one, other) || isRewritten(other, one) ? "compatible" : "different"
}

/** Whether a value can be the echo of another: a rounded size, a flag as a number, the URL of an asset instead of its ID. */
const isRewritten = (sent: unknown, echoed: unknown): boolean => {
  if (typeof sent === "boolean") return echoed === Number(sent) || echoed === String(Number(sent))
  if (typeof sent === "string" && sent.length >= minIdLength && typeof echoed === "string") {
    return /^https?:/i.test(echoed) && echoed.includes(sent)
  }
  const [number, other] = [toNumber(sent), toNumber(echoed)]
  if (number === undefined || other === undefined) return false
  const difference = Math.abs(number - other)
  return (
    difference <= maxRounding * Math.abs(number) || (Math.abs(number) >= sizeStep && difference < sizeStep)
  )
}

/** Sizes are rounded to multiples of up to 64, other numbers by at most 5 %. */
const sizeStep = 64
const maxRounding = 0.05

/** A shorter text can be in a URL by chance. */
const minIdLength = 6

const toNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : undefined
}

/** Whether a value isn't set, in any form that the API or a host uses. */
const isAbsent = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0)

const isDataUrlDigest = (value: unknown): value is DataUrlDigest =>
  Predicate.isObject(value) &&
  "dataUrl" in value &&
  Predicate.isObject(value.dataUrl) &&
  "sha256" in value.dataUrl

const isFileContent = (value: unknown): boolean =>
  isDataUrlDigest(value) || (typeof value === "string" && /^data:/i.test(value))

/** Two files by their hash. A file can't be compared with the ID of an asset: it may have become that asset. */
const compareFiles = (one: unknown, other: unknown): InputRelation => {
  if (isDataUrlDigest(one) && isDataUrlDigest(other)) {
    return one.dataUrl.sha256 === other.dataUrl.sha256 ? "equal" : "different"
  }
  if (isFileContent(one) && isFileContent(other)) return one === other ? "equal" : "compatible"
  return typeof one === "string" || typeof other === "string" ? "equal" : "different"
}

const compareLists = (one: ReadonlyArray<unknown>, other: ReadonlyArray<unknown>): InputRelation =>
  one.length === other.length
    ? findStrictest(one.map((value, index) => compareValues(value, other[index])))
    : "different"

const toList = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [value])

const isSameScalar = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  const [text, otherText] = [toComparableText(one), toComparableText(other)]
  if (text === undefined || otherText === undefined) return String(one) === String(other)
  if (text === otherText) return true
  // Integers beyond 2^53 are text, because as numbers they would equal their neighbors.
  return text !== "" && Number(text) === Number(otherText) && !isRounded(Number(text))
}

/** Ignores surrounding white space and the kind of line breaks. */
const toComparableText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number"
    ? String(value).replaceAll("\r\n", "\n").trim()
    : undefined

const findStrictest = (relations: ReadonlyArray<InputRelation>): InputRelation => {
  if (relations.includes("different")) return "different"
  return relations.includes("compatible") ? "compatible" : "equal"
}
