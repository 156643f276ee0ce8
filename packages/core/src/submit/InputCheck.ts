import * as Predicate from "effect/Predicate"
import type { AssetKind } from "../api/Asset.ts"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { type InputIssue, makeValueIssue } from "../InputIssue.ts"
import { fitsKind, isWebUrl, readDataUrl } from "./DataUrl.ts"
import { isId } from "../api/ids.ts"
import { toExactNumber } from "../json.ts"
import { isOnStep, isWithin, readAmount, toBodyNumber } from "./amounts.ts"
import {
  counted,
  describeExpected,
  describeGiven,
  toElement,
  getElementType,
  isRounded,
} from "./InputWording.ts"
import { readList } from "./readList.ts"
import { getContentType, isLocalFile, type LocalFile, getFileSize } from "../account/LocalFile.ts"
import { describeLocalPath, isLocalPath } from "./localPath.ts"

/** A place in a request's body that must hold an asset id before the request is sent. */
export interface FilePlace {
  readonly path: ReadonlyArray<string | number>
  /** A file to upload, or an http(s) URL to import. */
  readonly value: LocalFile | string
  /** The kind of file that the input takes, if it says. */
  readonly kind?: AssetKind | undefined
}

/** Where a value stands: as people read it, and as keys from the body's root. */
export interface Place {
  readonly text: string
  readonly keys: ReadonlyArray<string | number>
}

/** Issues and files that were found so far. A check continues after an issue, so that all issues are reported together. */
export interface Findings {
  readonly issues: Array<InputIssue>
  readonly files: Array<FilePlace>
}

/** How the object of an `inputs` input, and the elements of an `inputs_array`, are checked. */
export type CheckObject = (
  descriptors: ReadonlyArray<InputDescriptor>,
  value: object,
  place: Place,
  findings: Findings,
) => unknown

/**
 * Checks one value that is set, and gives the value to send: the same, or one that says the same in the type
 * that the schema asks for ("4" as 4, a single value as a list). What could mean two things is an issue.
 */
export const checkValue = (
  descriptor: InputDescriptor,
  value: unknown,
  place: Place,
  findings: Findings,
  checkObject: CheckObject,
): unknown => {
  const refuse = (got = describeGiven(value)): undefined => {
    findings.issues.push(makeValueIssue(place.text, describeExpected(descriptor), got))
    return undefined
  }
  const elementType = getElementType(descriptor.type)
  if (elementType !== undefined) {
    const list = readList(value)
    if (!isWithin(list.length, descriptor.minLength, descriptor.maxLength)) return refuse()
    const element = toElement(descriptor, elementType)
    return list.map((item, index) => {
      const at = { text: `${place.text}[${index}]`, keys: [...place.keys, index] }
      // A list of lists: a scalar among its elements is a mistake, not a list of one.
      if (getElementType(elementType) !== undefined && !Array.isArray(item)) {
        findings.issues.push(makeValueIssue(at.text, describeExpected(element), describeGiven(item)))
        return undefined
      }
      return checkValue(element, item, at, findings, checkObject)
    })
  }
  switch (descriptor.type) {
    case "string": {
      const allowed = allowedFor(descriptor, value)
      const text = asText(value)
      if (allowed === "none" || (allowed === "any" && text === undefined)) return refuse()
      const length = Array.from(text ?? "").length
      if (text !== undefined && !isWithin(length, descriptor.minLength, descriptor.maxLength)) {
        return refuse(`text of ${counted(length, "character")}`)
      }
      return allowed === "any" ? text : allowed.value
    }
    case "number": {
      const allowed = allowedFor(descriptor, value)
      const amount = readAmount(value)
      if (allowed === "none" || amount === undefined) return refuse()
      const { min, max, step } = descriptor
      if (!isWithin(amount, min, max) || !isOnStep(amount, min, step)) return refuse()
      // The API's own spelling of an allowed value, unless it is the text of a large integer.
      return allowed === "any" || typeof amount === "bigint" ? toBodyNumber(amount) : allowed.value
    }
    case "boolean": {
      if (typeof value === "boolean") return value
      return value === "true" ? true : value === "false" ? false : refuse()
    }
    case "file":
      if (isLocalPath(value)) {
        findings.issues.push({ path: place.text, message: describeLocalPath(value) })
        return undefined
      }
      return checkFile(descriptor, value, place, findings) ? fileValue(value) : refuse()
    case "model":
      return typeof value === "string" && value.trim() !== "" ? value : refuse()
    case "inputs": {
      if (!Predicate.isObject(value) || isLocalFile(value)) return refuse()
      return descriptor.inputs === undefined ? value : checkObject(descriptor.inputs, value, place, findings)
    }
    default:
      // A type of tomorrow: the API knows it, this library does not yet.
      return passThrough(value, place, findings)
  }
}

/** Replaced by an asset ID before the body is sent. */
const placeholder = ""

/** A value that no schema describes, unchanged. Files in it are uploaded. */
export const passThrough = (value: unknown, place: Place, findings: Findings): unknown => {
  const inside = (item: unknown, key: string | number) =>
    passThrough(item, { text: place.text, keys: [...place.keys, key] }, findings)
  if (isLocalFile(value)) {
    findings.files.push({ path: place.keys, value })
    return placeholder
  }
  if (typeof value === "bigint") return toExactNumber(value)
  if (Array.isArray(value)) return value.map(inside)
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item, key)]))
    : value
}

const isPlainObject = (value: unknown): value is object =>
  Predicate.isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))

const fileValue = (value: unknown): unknown =>
  isLocalFile(value) || (typeof value === "string" && isWebUrl(value)) ? placeholder : value

const checkFile = (
  { kind, maxSize }: InputDescriptor,
  value: unknown,
  { keys }: Place,
  { files }: Findings,
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
  // Neither a link nor a data URL: an asset id, which is opaque (older ones have no prefix).
  if (dataUrl === undefined) return !/^(data|https?):/i.test(value) && isId(value)
  return fits(dataUrl.contentType, dataUrl.size)
}

const isScalar = (value: unknown): value is string | number | bigint | boolean =>
  ["string", "number", "bigint", "boolean"].includes(typeof value)

/**
 * Which of the allowed values the given one is: 1024 for "1024". `any` where the schema allows all, or lists
 * what cannot be compared (objects): that is left to the API.
 */
const allowedFor = (
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

const asText = (value: unknown): string | undefined => {
  if (typeof value === "string") return value
  if (typeof value === "bigint") return String(value)
  return typeof value === "number" && Number.isFinite(value) && !isRounded(value) ? String(value) : undefined
}
