import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { describeLength } from "./describeRange.ts"
import { inputTypes } from "./inputTypes.ts"

/** Describes what an input takes, as a noun phrase: `a whole number from 1 to 128`. */
export const describeExpected = (descriptor: InputDescriptor): string => {
  const elementType = getElementType(descriptor.type)
  if (elementType !== undefined) {
    const count = describeLength("element", descriptor)
    const list = count === undefined ? "a list" : `a list of ${count}`
    return `${list}, each ${describeExpected(toElement(descriptor, elementType))}`
  }
  const allowed = descriptor.allowedValues ?? []
  if (allowed.length > 0) return `one of ${allowed.slice(0, 30).map(String).join(", ")}`
  return inputTypes.get(descriptor.type)?.describe(descriptor) ?? "a value"
}

/** The type of a list's elements; `undefined` if the type isn't a list, or a list of an unknown type. */
export const getElementType = (type: string): string | undefined => {
  const elementType = /^(.+)_array$/.exec(type)?.[1]
  const isKnown = inputTypes.has((elementType ?? "").replace(/(_array)+$/, ""))
  return isKnown ? elementType : undefined
}

/** The descriptor of a list's elements. */
export const toElement = (list: InputDescriptor, elementType: string): InputDescriptor => ({
  ...list,
  type: elementType,
  minLength: undefined,
  maxLength: undefined,
})
