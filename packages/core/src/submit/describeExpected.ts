import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { formatBytes } from "../describeValue.ts"

/** Describes what an input takes, as a noun phrase: `a whole number from 1 to 128`. */
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
      const size = descriptor.maxSize === undefined ? "" : ` of at most ${formatBytes(descriptor.maxSize)}`
      return `${fileNouns.get(descriptor.kind ?? "") ?? "a file"}${size} (an asset ID, a data URL, a URL, or a file)`
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

/** The type of a list's elements; `undefined` if the type isn't a list, or a list of an unknown type. */
export const getElementType = (type: string): string | undefined => listOfKnown.exec(type)?.[1]

const listOfKnown = /^((?:string|number|boolean|file|model|inputs)(?:_array)*)_array$/

/** The descriptor of a list's elements. */
export const toElement = (list: InputDescriptor, elementType: string): InputDescriptor => ({
  ...list,
  type: elementType,
  minLength: undefined,
  maxLength: undefined,
})

const describeNumber = ({ min, max, step }: InputDescriptor): string => {
  const bounds = describeRange(min, max, "from ")
  const noun = step === 1 ? "a whole number" : "a number"
  const steps = step === undefined || step === 1 || step <= 0 ? "" : ` in steps of ${step}`
  return `${noun}${bounds === undefined ? "" : ` ${bounds}`}${steps}`
}

type Bound = number | string | undefined

const describeCount = (noun: string, { minLength, maxLength }: InputDescriptor): string | undefined => {
  const count = describeRange(minLength, maxLength)
  return count === undefined ? undefined : `${count} ${(maxLength ?? minLength) === 1 ? noun : `${noun}s`}`
}

const describeRange = (min: Bound, max: Bound, from = ""): string | undefined => {
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
