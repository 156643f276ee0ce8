import * as Predicate from "effect/Predicate"
import { findKind, fitsKind } from "../api/assetKinds.ts"
import { isId } from "../api/ids.ts"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { isWebUrl, readDataUrl } from "../account/DataUrl.ts"
import { getContentType, getFileSize, isLocalFile } from "../account/LocalFile.ts"
import { formatBytes, formatCount, isRounded } from "../utils/describeValue.ts"
import { isOnStep, isWithin, readAmount, toBodyNumber } from "./amounts.ts"
import type { CheckContext } from "./CheckContext.ts"
import { describeLength, describeRange } from "./describeRange.ts"
import { describeLocalPath, isLocalPath } from "./localPath.ts"

/** How a type of input is described and checked. Lists need no entry: each element is checked by its own type. */
interface InputTypeRules {
  /** What the input takes, as a noun phrase: `a whole number from 1 to 128`. */
  readonly describe: (descriptor: InputDescriptor) => string
  /** Returns the value to send, or reports an issue and returns `undefined`. */
  readonly check: (descriptor: InputDescriptor, value: unknown, context: CheckContext) => unknown
}

/** The types that this library knows. Values of other types are sent unchecked. */
export const inputTypes: ReadonlyMap<string, InputTypeRules> = new Map<string, InputTypeRules>([
  [
    "string",
    {
      describe: (descriptor) => {
        const length = describeLength("character", descriptor)
        return length === undefined ? "text" : `text of ${length}`
      },
      check: (descriptor, value, { refuse }) => {
        const allowed = findAllowed(descriptor, value)
        const text = toText(value)
        if (allowed === "none" || (allowed === "any" && text === undefined)) return refuse()
        const length = Array.from(text ?? "").length
        if (text !== undefined && !isWithin(length, descriptor.minLength, descriptor.maxLength)) {
          return refuse(`text of ${formatCount(length, "character")}`)
        }
        return allowed === "any" ? text : allowed.value
      },
    },
  ],
  [
    "number",
    {
      describe: ({ min, max, step }) => {
        const bounds = describeRange(min, max, "from ")
        const noun = step === 1 ? "a whole number" : "a number"
        const steps = step === undefined || step === 1 || step <= 0 ? "" : ` in steps of ${step}`
        return `${noun}${bounds === undefined ? "" : ` ${bounds}`}${steps}`
      },
      check: (descriptor, value, { refuse }) => {
        const allowed = findAllowed(descriptor, value)
        const amount = readAmount(value)
        if (allowed === "none" || amount === undefined) return refuse()
        const { min, max, step } = descriptor
        if (!isWithin(amount, min, max) || !isOnStep(amount, min, step)) return refuse()
        // The allowed value as the API writes it, unless that is the text of a large integer.
        return allowed === "any" || typeof amount === "bigint" ? toBodyNumber(amount) : allowed.value
      },
    },
  ],
  [
    "boolean",
    {
      describe: () => "true or false",
      check: (_, value, { refuse }) => {
        if (typeof value === "boolean") return value
        return value === "true" ? true : value === "false" ? false : refuse()
      },
    },
  ],
  [
    "file",
    {
      describe: ({ kind, maxSize }) => {
        const size = maxSize === undefined ? "" : ` of at most ${formatBytes(maxSize)}`
        return `${findKind(kind)?.noun ?? "a file"}${size} (an asset ID, a data URL, a URL, or a file)`
      },
      check: (descriptor, value, context) => {
        if (isLocalPath(value)) {
          context.output.issues.push({ path: context.path.text, message: describeLocalPath(value) })
          return undefined
        }
        if (!checkFile(descriptor, value, context)) return context.refuse()
        return isLocalFile(value) || (typeof value === "string" && isWebUrl(value)) ? filePlaceholder : value
      },
    },
  ],
  [
    "model",
    {
      describe: ({ modelTypes = [] }) =>
        modelTypes.length === 0 ? "the ID of a model" : `the ID of a model (${modelTypes.join(", ")})`,
      check: (_, value, { refuse }) => (typeof value === "string" && value.trim() !== "" ? value : refuse()),
    },
  ],
  [
    "inputs",
    {
      describe: ({ inputs }) =>
        inputs === undefined ? "an object" : `an object with ${inputs.map((input) => input.name).join(", ")}`,
      check: ({ inputs }, value, { path, output, checkObject, refuse }) => {
        if (!Predicate.isObject(value) || isLocalFile(value)) return refuse()
        return inputs === undefined ? value : checkObject(inputs, value, path, output)
      },
    },
  ],
])

/** Stands for a file until it is uploaded, and is then replaced by its asset ID. */
export const filePlaceholder = ""

const checkFile = (
  { kind, maxSize }: InputDescriptor,
  value: unknown,
  { path: { keys }, output: { files } }: CheckContext,
): boolean => {
  const fits = (contentType: string, size: number): boolean =>
    (kind === undefined || fitsKind(contentType, kind)) && (maxSize === undefined || size <= maxSize)
  if (isLocalFile(value)) {
    if (!fits(getContentType(value), getFileSize(value))) return false
    files.push({ path: keys, value, kind })
    return true
  }
  if (typeof value !== "string" || value.trim() === "") return false
  if (isWebUrl(value)) {
    files.push({ path: keys, value, kind })
    return true
  }
  const dataUrl = readDataUrl(value)
  // It can only be an asset ID. Older ones have no prefix.
  if (dataUrl === undefined) return !/^(data|https?):/i.test(value) && isId(value)
  return fits(dataUrl.contentType, dataUrl.size)
}

const isScalar = (value: unknown): value is string | number | bigint | boolean =>
  ["string", "number", "bigint", "boolean"].includes(typeof value)

/**
 * Finds the allowed value that equals the given one: 1024 for "1024". `any` if the schema allows all values, or lists objects,
 * which can't be compared: then the API checks them.
 */
const findAllowed = (
  { allowedValues = [], type }: InputDescriptor,
  value: unknown,
): "any" | "none" | { readonly value: unknown } => {
  if (allowedValues.length === 0 || !allowedValues.every(isScalar)) return "any"
  if (!isScalar(value)) return "none"
  const isSame = (one: string | number | bigint | boolean): boolean =>
    String(one) === String(value) ||
    (type === "number" && readAmount(one) === (readAmount(value) ?? Number.NaN))
  const same = allowedValues.find((one) => one === value) ?? allowedValues.find(isSame)
  return same === undefined ? "none" : { value: same }
}

const toText = (value: unknown): string | undefined => {
  if (typeof value === "string") return value
  if (typeof value === "bigint") return String(value)
  return typeof value === "number" && Number.isFinite(value) && !isRounded(value) ? String(value) : undefined
}
