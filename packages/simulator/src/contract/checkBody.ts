import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import type { Field, Fields } from "./endpoints/Field.ts"

export interface CheckedBody {
  /** The body without unknown members. */
  readonly body: JsonObject
  readonly unknown: ReadonlyArray<string>
  /** What the API would return as `reason`. It returns only the first. */
  readonly problems: ReadonlyArray<string>
  /** The values of all `file` fields. */
  readonly fileValues: ReadonlyArray<string>
}

interface BodyCheck {
  readonly problems: Array<string>
  readonly unknown: Array<string>
  readonly fileValues: Array<string>
}

/** Checks a body against the fields of its endpoint, with the API's own messages: `"modelId" must be a string`. */
export const checkBody = (body: JsonObject, fields: Fields): CheckedBody => {
  const check: BodyCheck = { problems: [], unknown: [], fileValues: [] }
  const kept = checkMembers(body, fields, "", check)
  return { body: kept, ...check }
}

const checkMembers = (body: JsonObject, fields: Fields, prefix: string, check: BodyCheck): JsonObject => {
  const kept: Record<string, Json | undefined> = {}
  for (const [name, field] of Object.entries(fields)) {
    if (field.isRequired && body[name] === undefined)
      check.problems.push(describeMissing(prefix + name, field))
  }
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (value === undefined) continue
    if (field === undefined) {
      check.unknown.push(prefix + name)
      continue
    }
    kept[name] = value
    checkValue(value, field, prefix + name, check)
  }
  return kept
}

const describeMissing = (name: string, field: Field): string =>
  field.type === "file" ? `${name} parameter is required` : `"${name}" ${getExpectation(field)}`

const getExpectation = (field: Field): string => {
  switch (field.type) {
    case "string":
    case "file":
      return "must be a string"
    case "number":
      return "must be a number"
    case "boolean":
      return "must be a boolean"
    case "array":
      return "must be an array"
    case "object":
      return "must be an object"
    case "any":
      return "is required"
  }
}

const hasType = (value: Json, field: Field): boolean => {
  switch (field.type) {
    case "string":
    case "file":
      return typeof value === "string"
    case "number":
      return typeof value === "number"
    case "boolean":
      return typeof value === "boolean"
    case "array":
      return Array.isArray(value)
    case "object":
      return isJsonObject(value)
    case "any":
      return true
  }
}

const checkValue = (value: Json, field: Field, name: string, check: BodyCheck): void => {
  if (!hasType(value, field)) {
    check.problems.push(`"${name}" ${getExpectation(field)}`)
    return
  }
  if (field.type === "string" && typeof value === "string") {
    if (field.oneOf !== undefined && !field.oneOf.includes(value)) {
      check.problems.push(`"${name}" must be one of [${field.oneOf.join(", ")}]`)
    }
    if (field.maxLength !== undefined && value.length > field.maxLength) {
      check.problems.push(`"${name}" length must be less than or equal to ${field.maxLength} characters long`)
    }
  }
  if (field.type === "file" && typeof value === "string") check.fileValues.push(value)
  if (field.type === "number" && typeof value === "number") {
    if (field.min !== undefined && value < field.min)
      check.problems.push(`"${name}" must be greater than or equal to ${field.min}`)
    if (field.max !== undefined && value > field.max)
      check.problems.push(`"${name}" must be less than or equal to ${field.max}`)
  }
  if (field.type === "array" && Array.isArray(value)) {
    if (field.maxItems !== undefined && value.length > field.maxItems) {
      check.problems.push(`"${name}" must contain less than or equal to ${field.maxItems} items`)
    }
    for (const [index, item] of value.entries()) checkValue(item, field.of, `${name}[${index}]`, check)
  }
  if (field.type === "object" && isJsonObject(value)) checkMembers(value, field.fields, `${name}.`, check)
}
