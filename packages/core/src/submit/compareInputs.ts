import * as Predicate from "effect/Predicate"
import { isRounded } from "./InputWording.ts"

/**
 * How two records of inputs relate, as far as they can be compared:
 * `equal` (the same fields with the same values), `compatible` (nothing contradicts, but one has fields that the other
 * lacks, or a value that Scenario may have rewritten), `different` (a field that both have differs). Symmetric.
 */
export type InputRelation = "equal" | "compatible" | "different"

type Inputs = Readonly<Record<string, unknown>>

/** Stands for a data URL in a submit intent: the file without its content. */
export interface DataUrlDigest {
  readonly dataUrl: {
    readonly contentType: string
    /** Bytes. */
    readonly size: number
    /** Hexadecimal; of the file's bytes. */
    readonly sha256: string
  }
}

const isDataUrlDigest = (value: unknown): value is DataUrlDigest =>
  Predicate.isObject(value) &&
  "dataUrl" in value &&
  Predicate.isObject(value.dataUrl) &&
  "sha256" in value.dataUrl

/** Compares inputs that were sent with an echo of them, or with those of another submit. */
export const compareInputs = (one: Inputs, other: Inputs): InputRelation => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return strictest([...names].map((name) => compareValues(one[name], other[name])))
}

/** Compares one input with its echo: Scenario may answer a number as text, and a file as the asset it became. */
const compareValues = (one: unknown, other: unknown): InputRelation => {
  if (isAbsent(one) || isAbsent(other)) return isAbsent(one) && isAbsent(other) ? "equal" : "compatible"
  if (isFileContent(one) || isFileContent(other)) return compareFiles(one, other)
  if (Array.isArray(one) || Array.isArray(other)) return compareLists(asList(one), asList(other))
  if (Predicate.isObject(one) && Predicate.isObject(other)) return compareInputs({ ...one }, { ...other })
  if (isSameScalar(one, other)) return "equal"
  return isRewritten(one, other) || isRewritten(other, one) ? "compatible" : "different"
}

/** Whether a value may be another's echo: a rounded size, a flag as a number, an asset's link instead of its id. */
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

/** Sizes are rounded to multiples of up to 64, other numbers by a twentieth at most. */
const sizeStep = 64
const maxRounding = 0.05

/** A shorter text occurs in a link by chance. */
const minIdLength = 6

const toNumber = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : undefined
}

/** Not set, in every way that the API or a host spells it. */
const isAbsent = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0)

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
    ? strictest(one.map((value, index) => compareValues(value, other[index])))
    : "different"

const asList = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [value])

const isSameScalar = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  const [text, otherText] = [textOrNumber(one), textOrNumber(other)]
  if (text === undefined || otherText === undefined) return String(one) === String(other)
  if (text === otherText) return true
  // Integers beyond 2^53 come as text: as numbers they would be equal to their neighbors.
  return text !== "" && Number(text) === Number(otherText) && !isRounded(Number(text))
}

/** White space at its ends, and how a line ends, are no difference. */
const textOrNumber = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number"
    ? String(value).replaceAll("\r\n", "\n").trim()
    : undefined

const strictest = (relations: ReadonlyArray<InputRelation>): InputRelation => {
  if (relations.includes("different")) return "different"
  return relations.includes("compatible") ? "compatible" : "equal"
}
