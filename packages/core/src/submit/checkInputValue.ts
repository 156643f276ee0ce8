import * as Predicate from "effect/Predicate"
import type { AssetKind } from "../api/Asset.ts"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { type InputIssue, makeValueIssue } from "../InputIssue.ts"
import { fitsKind, isWebUrl, readDataUrl } from "../account/DataUrl.ts"
import { isId } from "../api/ids.ts"
import { isPlainObject } from "../isPlainObject.ts"
import { toExactNumber } from "../json.ts"
import { isOnStep, isWithin, readAmount, toBodyNumber } from "./amounts.ts"
import { describeExpected, getElementType, toElement } from "./describeExpected.ts"
import { describeValue, formatCount, isRounded } from "../describeValue.ts"
import { readList } from "./readList.ts"
import { getContentType, isLocalFile, type LocalFile, getFileSize } from "../account/LocalFile.ts"
import { describeLocalPath, isLocalPath } from "./localPath.ts"

/** A file in the inputs. It is uploaded or imported first, and replaced by its asset ID. */
export interface InputFile {
  readonly path: ReadonlyArray<string | number>
  /** A file to upload, or an http(s) URL to import. */
  readonly value: LocalFile | string
  /** The kind of file that the input takes, if it says. */
  readonly kind?: AssetKind | undefined
}

/** The path of a value in the inputs: as text for issues, and as keys. */
export interface InputPath {
  readonly text: string
  readonly keys: ReadonlyArray<string | number>
}

/** What a check collects. It continues after an issue, to report all issues at once. */
export interface CheckOutput {
  readonly issues: Array<InputIssue>
  readonly files: Array<InputFile>
}

/** Checks the object of an `inputs` input, or of an element of an `inputs_array`. */
export type CheckObject = (
  descriptors: ReadonlyArray<InputDescriptor>,
  value: object,
  path: InputPath,
  output: CheckOutput,
) => unknown

/**
 * Checks a value, and returns the value to send: the same, or converted to the type of the schema ("4" to 4, a single value to
 * a list). A value that could mean two things is an issue.
 */
export const checkInputValue = (
  descriptor: InputDescriptor,
  value: unknown,
  path: InputPath,
  output: CheckOutput,
  checkObject: CheckObject,
): unknown => {
  const refuse = (got = describeValue(value)): undefined => {
    output.issues.push(makeValueIssue(path.text, describeExpected(descriptor), got))
    return undefined
  }
  const elementType = getElementType(descriptor.type)
  if (elementType !== undefined) {
    const list = readList(value)
    if (!isWithin(list.length, descriptor.minLength, descriptor.maxLength)) return refuse()
    const element = toElement(descriptor, elementType)
    return list.map((item, index) => {
      const at = { text: `${path.text}[${index}]`, keys: [...path.keys, index] }
      // In a list of lists, a single value is a mistake, and not a list of one.
      if (getElementType(elementType) !== undefined && !Array.isArray(item)) {
        output.issues.push(makeValueIssue(at.text, describeExpected(element), describeValue(item)))
        return undefined
      }
      return checkInputValue(element, item, at, output, checkObject)
    })
  }
  switch (descriptor.type) {
    case "string": {
      const allowed = findAllowed(descriptor, value)
      const text = toText(value)
      if (allowed === "none" || (allowed === "any" && text === undefined)) return refuse()
      const length = Array.from(text ?? "").length
      if (text !== undefined && !isWithin(length, descriptor.minLength, descriptor.maxLength)) {
        return refuse(`text of ${formatCount(length, "character")}`)
      }
      return allowed === "any" ? text : allowed.value
    }
    case "number": {
      const allowed = findAllowed(descriptor, value)
      const amount = readAmount(value)
      if (allowed === "none" || amount === undefined) return refuse()
      const { min, max, step } = descriptor
      if (!isWithin(amount, min, max) || !isOnStep(amount, min, step)) return refuse()
      // The allowed value as the API writes it, unless that is the text of a large integer.
      return allowed === "any" || typeof amount === "bigint" ? toBodyNumber(amount) : allowed.value
    }
    case "boolean": {
      if (typeof value === "boolean") return value
      return value === "true" ? true : value === "false" ? false : refuse()
    }
    case "file":
      if (isLocalPath(value)) {
        output.issues.push({ path: path.text, message: describeLocalPath(value) })
        return undefined
      }
      return checkFile(descriptor, value, path, output) ? toFileValue(value) : refuse()
    case "model":
      return typeof value === "string" && value.trim() !== "" ? value : refuse()
    case "inputs": {
      if (!Predicate.isObject(value) || isLocalFile(value)) return refuse()
      return descriptor.inputs === undefined ? value : checkObject(descriptor.inputs, value, path, output)
    }
    default:
      // This library doesn't know the type, but the API does.
      return passThrough(value, path, output)
  }
}

/** Replaced by an asset ID before the body is sent. */
const placeholder = ""

/** Returns a value that no schema describes unchanged, except for the files in it. */
export const passThrough = (value: unknown, path: InputPath, output: CheckOutput): unknown => {
  const inside = (item: unknown, key: string | number) =>
    passThrough(item, { text: path.text, keys: [...path.keys, key] }, output)
  if (isLocalFile(value)) {
    output.files.push({ path: path.keys, value })
    return placeholder
  }
  if (typeof value === "bigint") return toExactNumber(value)
  if (Array.isArray(value)) return value.map(inside)
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item, key)]))
    : value
}

const toFileValue = (value: unknown): unknown =>
  isLocalFile(value) || (typeof value === "string" && isWebUrl(value)) ? placeholder : value

const checkFile = (
  { kind, maxSize }: InputDescriptor,
  value: unknown,
  { keys }: InputPath,
  { files }: CheckOutput,
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
