import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { isLocalFile } from "../account/LocalFile.ts"
import { describeValue } from "../utils/describeValue.ts"
import { makeValueIssue } from "../InputIssue.ts"
import { isPlainObject } from "../utils/isPlainObject.ts"
import { toExactNumber } from "../utils/json.ts"
import { isWithin } from "./amounts.ts"
import type { CheckObject, CheckOutput, InputPath } from "./CheckContext.ts"
import { describeExpected, getElementType, toElement } from "./describeExpected.ts"
import { filePlaceholder, inputTypes } from "./inputTypes.ts"
import { readList } from "./readList.ts"

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
  const rules = inputTypes.get(descriptor.type)
  return rules === undefined
    ? passThrough(value, path, output)
    : rules.check(descriptor, value, { path, output, checkObject, refuse })
}

/** Returns a value that no schema describes unchanged, except for the files in it. */
export const passThrough = (value: unknown, path: InputPath, output: CheckOutput): unknown => {
  const inside = (item: unknown, key: string | number) =>
    passThrough(item, { text: path.text, keys: [...path.keys, key] }, output)
  if (isLocalFile(value)) {
    output.files.push({ path: path.keys, value })
    return filePlaceholder
  }
  if (typeof value === "bigint") return toExactNumber(value)
  if (Array.isArray(value)) return value.map(inside)
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item, key)]))
    : value
}
