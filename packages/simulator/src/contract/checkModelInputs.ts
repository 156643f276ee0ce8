import type { ModelInput } from "../catalog/ModelRecord.ts"
import { isJsonObject, type Json, type JsonObject } from "../json.ts"

export interface CheckedInputs {
  /** The inputs of the run. */
  readonly inputs: JsonObject
  /** Members that the API ignores without an error: unknown names, and a single value for a list. */
  readonly dropped: ReadonlyArray<string>
  /** What the API would return as `reason`. It returns only the first. */
  readonly problems: ReadonlyArray<string>
  readonly fileValues: ReadonlyArray<string>
  /** The values of all model inputs. */
  readonly modelValues: ReadonlyArray<ModelValue>
}

export interface ModelValue {
  readonly id: string
  /** The types that the input takes. `undefined`: any type. */
  readonly types: ReadonlyArray<string> | undefined
}

interface InputCheck {
  readonly dropped: Array<string>
  readonly problems: Array<string>
  readonly fileValues: Array<string>
  readonly modelValues: Array<ModelValue>
}

/** Checks the flat body of `/generate/custom/{modelId}` against the descriptors of the model. */
export const checkModelInputs = (body: JsonObject, descriptors: ReadonlyArray<ModelInput>): CheckedInputs => {
  const check: InputCheck = { dropped: [], problems: [], fileValues: [], modelValues: [] }
  const inputs = checkAll(body, descriptors, check)
  return { inputs, ...check }
}

const checkAll = (
  body: JsonObject,
  descriptors: ReadonlyArray<ModelInput>,
  check: InputCheck,
): JsonObject => {
  const kept: Record<string, Json> = {}
  for (const [name, value] of Object.entries(body)) {
    const descriptor = descriptors.find((candidate) => candidate.name === name)
    if (value === undefined || value === null) continue
    if (descriptor === undefined) {
      check.dropped.push(`"${name}" is not an input of this model`)
    } else if (isList(descriptor) && !Array.isArray(value)) {
      check.dropped.push(`"${name}" takes a list; a single value is ignored`)
    } else {
      kept[name] = value
      checkOne(value, descriptor, check)
    }
  }
  for (const descriptor of descriptors) {
    const problem = kept[descriptor.name] === undefined ? findMissing(descriptor, kept) : undefined
    if (problem !== undefined) check.problems.push(problem)
  }
  return kept
}

const isList = (descriptor: ModelInput): boolean => descriptor.type.endsWith("_array")

const findMissing = ({ name, required }: ModelInput, given: JsonObject): string | undefined => {
  if (required?.always) return `"${name}" is required`
  for (const [other, { message }] of Object.entries(required?.ifDefined ?? {})) {
    if (given[other] !== undefined) return `"${name}" is required: ${message}`
  }
  for (const [other, { message }] of Object.entries(required?.ifNotDefined ?? {})) {
    if (given[other] === undefined) return `"${name}" is required: ${message}`
  }
  for (const [other, { values, message }] of Object.entries(required?.conditionalValues ?? {})) {
    if (values.some((value) => given[other] === value)) return `"${name}" is required: ${message}`
  }
  return undefined
}

const checkOne = (value: Json, descriptor: ModelInput, check: InputCheck): void => {
  const { name, type } = descriptor
  if (Array.isArray(value)) {
    if (!isList(descriptor)) {
      check.problems.push(`"${name}" must be a ${toScalar(type)}`)
      return
    }
    if (descriptor.maxLength !== undefined && value.length > descriptor.maxLength) {
      check.problems.push(`"${name}" must contain less than or equal to ${descriptor.maxLength} items`)
    }
    if (descriptor.minLength !== undefined && value.length < descriptor.minLength) {
      check.problems.push(`"${name}" must contain at least ${descriptor.minLength} items`)
    }
    for (const [index, item] of value.entries()) checkScalar(item, `${name}[${index}]`, descriptor, check)
    return
  }
  checkScalar(value, name, descriptor, check)
}

const toScalar = (type: ModelInput["type"]): "string" | "number" | "boolean" | "object" => {
  if (type === "boolean") return "boolean"
  if (type === "number" || type === "number_array") return "number"
  return type === "inputs_array" ? "object" : "string"
}

const checkScalar = (value: Json, name: string, descriptor: ModelInput, check: InputCheck): void => {
  const expected = toScalar(descriptor.type)
  if (typeof value !== expected || value === null) {
    check.problems.push(`"${name}" must be a ${expected}`)
    return
  }
  if (isJsonObject(value)) {
    checkAll(value, descriptor.inputs ?? [], check)
    return
  }
  if (typeof value === "string") {
    if (descriptor.type === "file" || descriptor.type === "file_array") check.fileValues.push(value)
    else if (descriptor.type === "model" || descriptor.type === "model_array") {
      check.modelValues.push({ id: value, types: descriptor.modelTypes })
    } else checkText(value, name, descriptor, check)
  }
  if (typeof value === "number") checkNumber(value, name, descriptor, check)
}

const checkText = (value: string, name: string, descriptor: ModelInput, check: InputCheck): void => {
  const { allowedValues, minLength, maxLength, type } = descriptor
  if (allowedValues !== undefined && !allowedValues.includes(value)) {
    check.problems.push(`"${name}" must be one of [${allowedValues.join(", ")}]`)
  }
  if (type !== "string") return
  if (maxLength !== undefined && value.length > maxLength) {
    check.problems.push(`"${name}" length must be less than or equal to ${maxLength} characters long`)
  }
  if (minLength !== undefined && value.length < minLength) {
    check.problems.push(`"${name}" length must be at least ${minLength} characters long`)
  }
}

const checkNumber = (value: number, name: string, descriptor: ModelInput, check: InputCheck): void => {
  const { allowedValues, min, max, step } = descriptor
  if (allowedValues !== undefined && !allowedValues.includes(value)) {
    check.problems.push(`"${name}" must be one of [${allowedValues.join(", ")}]`)
  }
  if (min !== undefined && value < min)
    check.problems.push(`"${name}" must be greater than or equal to ${min}`)
  if (max !== undefined && value > max) check.problems.push(`"${name}" must be less than or equal to ${max}`)
  if (step !== undefined && !isMultiple(value - (min ?? 0), step)) {
    check.problems.push(`"${name}" must be a multiple of ${step}`)
  }
}

/** Whether `value` is a multiple of `step`, except for rounding errors. */
const isMultiple = (value: number, step: number): boolean =>
  Math.abs(value / step - Math.round(value / step)) < 1e-6
