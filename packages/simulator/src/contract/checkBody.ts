import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import type { Field, Fields } from "./endpoints/Field.ts"

export interface CheckedBody {
  /** The body without the members that the endpoint does not know. */
  readonly body: JsonObject
  readonly unknown: ReadonlyArray<string>
  /** What the API would answer in `reason`; the first one counts. */
  readonly problems: ReadonlyArray<string>
  /** Every value of a `file` field, to be looked up. */
  readonly fileValues: ReadonlyArray<string>
}

interface Findings {
  readonly problems: Array<string>
  readonly unknown: Array<string>
  readonly fileValues: Array<string>
}

/** Checks a body against the fields of its endpoint, in the API's own words: `"modelId" must be a string`. */
export const checkBody = (body: JsonObject, fields: Fields): CheckedBody => {
  const findings: Findings = { problems: [], unknown: [], fileValues: [] }
  const kept = checkMembers(body, fields, "", findings)
  return { body: kept, ...findings }
}

const checkMembers = (body: JsonObject, fields: Fields, prefix: string, findings: Findings): JsonObject => {
  const kept: Record<string, Json | undefined> = {}
  for (const [name, field] of Object.entries(fields)) {
    if (field.isRequired && body[name] === undefined) findings.problems.push(missing(prefix + name, field))
  }
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (value === undefined) continue
    if (field === undefined) {
      findings.unknown.push(prefix + name)
      continue
    }
    kept[name] = value
    checkValue(value, field, prefix + name, findings)
  }
  return kept
}

const missing = (name: string, field: Field): string =>
  field.type === "file" ? `${name} parameter is required` : `"${name}" ${expectation(field)}`

const expectation = (field: Field): string => {
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

const checkValue = (value: Json, field: Field, name: string, findings: Findings): void => {
  if (!hasType(value, field)) {
    findings.problems.push(`"${name}" ${expectation(field)}`)
    return
  }
  if (field.type === "string" && typeof value === "string") {
    if (field.oneOf !== undefined && !field.oneOf.includes(value)) {
      findings.problems.push(`"${name}" must be one of [${field.oneOf.join(", ")}]`)
    }
    if (field.maxLength !== undefined && value.length > field.maxLength) {
      findings.problems.push(
        `"${name}" length must be less than or equal to ${field.maxLength} characters long`,
      )
    }
  }
  if (field.type === "file" && typeof value === "string") findings.fileValues.push(value)
  if (field.type === "number" && typeof value === "number") {
    if (field.min !== undefined && value < field.min)
      findings.problems.push(`"${name}" must be greater than or equal to ${field.min}`)
    if (field.max !== undefined && value > field.max)
      findings.problems.push(`"${name}" must be less than or equal to ${field.max}`)
  }
  if (field.type === "array" && Array.isArray(value)) {
    if (field.maxItems !== undefined && value.length > field.maxItems) {
      findings.problems.push(`"${name}" must contain less than or equal to ${field.maxItems} items`)
    }
    for (const [index, item] of value.entries()) checkValue(item, field.of, `${name}[${index}]`, findings)
  }
  if (field.type === "object" && isJsonObject(value)) checkMembers(value, field.fields, `${name}.`, findings)
}
