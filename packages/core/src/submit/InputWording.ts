import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { isWebUrl, readDataUrl } from "./DataUrl.ts"
import { isLocalFile, getFileSize } from "../account/LocalFile.ts"

/** What a value was, in at most about 80 characters: never a file's content, never a link's signature. */
export const describeGiven = (value: unknown): string => {
  if (value === undefined || value === null) return "nothing"
  if (typeof value === "string") return describeText(value)
  if (isRounded(value)) return `${value}, which may have lost digits (pass it as text)`
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return shortened(String(value))
  }
  if (isLocalFile(value)) return `the file ${quoted(value.fileName)} of ${describeSize(getFileSize(value))}`
  if (Array.isArray(value)) return `a list of ${counted(value.length, "element")}`
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

/** Whether a number stands for more integers than one: those beyond 2^53 were rounded when the number was made. */
export const isRounded = (value: unknown): value is number =>
  Number.isInteger(value) && !Number.isSafeInteger(value)

const describeText = (text: string): string => {
  if (text === "") return "empty text"
  const dataUrl = readDataUrl(text)
  if (dataUrl !== undefined) return `a data URL of ${describeSize(dataUrl.size)}`
  return quoted(isWebUrl(text) ? text.replace(/[?#].*$/s, "") : text)
}

const quoted = (text: string): string => `"${shortened(text)}"`

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ")
  return line.length <= 76 ? line : `${line.slice(0, 73)}...`
}

/** Bytes for people: `1.2 MB`. */
const describeSize = (bytes: number): string => {
  if (bytes < 1000) return counted(bytes, "byte")
  return bytes < 1_000_000 ? `${Math.round(bytes / 100) / 10} kB` : `${Math.round(bytes / 100_000) / 10} MB`
}

const listOfKnown = /^((?:string|number|boolean|file|model|inputs)(?:_array)*)_array$/

/** The type of a list's elements; `undefined` if it isn't a list type, or an unknown one. */
export const getElementType = (type: string): string | undefined => listOfKnown.exec(type)?.[1]

/** What an element of a list input must be: the list's own descriptor without its length. */
export const toElement = (list: InputDescriptor, elementType: string): InputDescriptor => ({
  ...list,
  type: elementType,
  minLength: undefined,
  maxLength: undefined,
})

/** What an input takes, as a noun phrase: `a whole number from 1 to 128`. */
export const describeExpected = (descriptor: InputDescriptor): string => {
  const elementType = getElementType(descriptor.type)
  if (elementType !== undefined) {
    const count = describeCount("element", descriptor)
    const list = count === undefined ? "a list" : `a list of ${count}`
    return `${list}, each ${describeExpected(toElement(descriptor, elementType))}`
  }
  const allowed = descriptor.allowedValues ?? []
  if (allowed.length > 0) return `one of ${allowed.slice(0, 30).map(String).join(", ")}`
  switch (descriptor.type) {
    case "string": {
      const length = describeCount("character", descriptor)
      return length === undefined ? "text" : `text of ${length}`
    }
    case "number":
      return describeNumber(descriptor)
    case "boolean":
      return "true or false"
    case "file": {
      const size = descriptor.maxSize === undefined ? "" : ` of at most ${describeSize(descriptor.maxSize)}`
      return `${fileNoun(descriptor.kind)}${size} (an asset ID, a data URL, a URL, or a file)`
    }
    case "model": {
      const types = descriptor.modelTypes ?? []
      return types.length === 0 ? "the ID of a model" : `the ID of a model (${types.join(", ")})`
    }
    case "inputs":
      return descriptor.inputs === undefined
        ? "an object"
        : `an object with ${descriptor.inputs.map((input) => input.name).join(", ")}`
    default:
      return "a value"
  }
}

const describeNumber = ({ min, max, step }: InputDescriptor): string => {
  const bounds = range(min, max, "from ")
  const noun = step === 1 ? "a whole number" : "a number"
  const steps = step === undefined || step === 1 || step <= 0 ? "" : ` in steps of ${step}`
  return `${noun}${bounds === undefined ? "" : ` ${bounds}`}${steps}`
}

type Bound = number | string | undefined

const describeCount = (noun: string, { minLength, maxLength }: InputDescriptor): string | undefined => {
  const count = range(minLength, maxLength)
  return count === undefined ? undefined : `${count} ${(maxLength ?? minLength) === 1 ? noun : `${noun}s`}`
}

/** `1 element`, `2 elements`. */
export const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`

const range = (min: Bound, max: Bound, from = ""): string | undefined => {
  if (min !== undefined && max !== undefined)
    return min === max ? `exactly ${min}` : `${from}${min} to ${max}`
  if (min !== undefined) return `at least ${min}`
  return max === undefined ? undefined : `at most ${max}`
}

const fileNouns: ReadonlyMap<string, string> = new Map([
  ["image", "an image"],
  ["image-hdr", "an HDR image"],
  ["video", "a video"],
  ["audio", "an audio file"],
  ["3d", "a 3D file"],
  ["document", "a document"],
  ["text", "a text file"],
  ["json", "a JSON file"],
])

const fileNoun = (kind: string | undefined): string => fileNouns.get(kind ?? "") ?? "a file"
