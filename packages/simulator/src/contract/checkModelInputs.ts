import type { ModelInput } from "../catalog/ModelRecord.ts"
import { isJsonObject, type Json, type JsonObject } from "../json.ts"

export interface CheckedInputs {
  /** What the run is going to see. */
  readonly inputs: JsonObject
  /** Members that the API drops without a word: unknown names, a scalar where a list belongs [SK]. */
  readonly dropped: ReadonlyArray<string>
  /** What the API refuses; the first one is its `reason`. */
  readonly problems: ReadonlyArray<string>
  readonly fileValues: ReadonlyArray<string>
  /** Models that are inputs, with the types that the input takes; any type if it names none. */
  readonly modelValues: ReadonlyArray<ModelValue>
}

export interface ModelValue {
  readonly id: string
  readonly types: ReadonlyArray<string> | undefined
}

interface Findings {
  readonly dropped: Array<string>
  readonly problems: Array<string>
  readonly fileValues: Array<string>
  readonly modelValues: Array<ModelValue>
}

/** Checks the flat body of `/generate/custom/{modelId}` against the descriptors of the model. */
export const checkModelInputs = (body: JsonObject, descriptors: ReadonlyArray<ModelInput>): CheckedInputs => {
  const findings: Findings = { dropped: [], problems: [], fileValues: [], modelValues: [] }
  const inputs = checkAll(body, descriptors, findings)
  return { inputs, ...findings }
}

const checkAll = (
  body: JsonObject,
  descriptors: ReadonlyArray<ModelInput>,
  findings: Findings,
): JsonObject => {
  const kept: Record<string, Json> = {}
  for (const [name, value] of Object.entries(body)) {
    const descriptor = descriptors.find((candidate) => candidate.name === name)
    if (value === undefined || value === null) continue
    if (descriptor === undefined) {
      findings.dropped.push(`"${name}" is no input of this model`)
    } else if (isList(descriptor) && !Array.isArray(value)) {
      findings.dropped.push(`"${name}" takes a list; a single value is dropped`)
    } else {
      kept[name] = value
      checkOne(value, descriptor, findings)
    }
  }
  for (const descriptor of descriptors) {
    const problem = kept[descriptor.name] === undefined ? whyRequired(descriptor, kept) : undefined
    if (problem !== undefined) findings.problems.push(problem)
  }
  return kept
}

const isList = (descriptor: ModelInput): boolean => descriptor.type.endsWith("_array")

const whyRequired = ({ name, required }: ModelInput, given: JsonObject): string | undefined => {
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

const checkOne = (value: Json, descriptor: ModelInput, findings: Findings): void => {
  const { name, type } = descriptor
  if (Array.isArray(value)) {
    if (!isList(descriptor)) {
      findings.problems.push(`"${name}" must be a ${toScalar(type)}`)
      return
    }
    if (descriptor.maxLength !== undefined && value.length > descriptor.maxLength) {
      findings.problems.push(`"${name}" must contain less than or equal to ${descriptor.maxLength} items`)
    }
    if (descriptor.minLength !== undefined && value.length < descriptor.minLength) {
      findings.problems.push(`"${name}" must contain at least ${descriptor.minLength} items`)
    }
    for (const [index, item] of value.entries()) checkScalar(item, `${name}[${index}]`, descriptor, findings)
    return
  }
  checkScalar(value, name, descriptor, findings)
}

const toScalar = (type: ModelInput["type"]): "string" | "number" | "boolean" | "object" => {
  if (type === "boolean") return "boolean"
  if (type === "number" || type === "number_array") return "number"
  return type === "inputs_array" ? "object" : "string"
}

const checkScalar = (value: Json, name: string, descriptor: ModelInput, findings: Findings): void => {
  const expected = toScalar(descriptor.type)
  if (typeof value !== expected || value === null) {
    findings.problems.push(`"${name}" must be a ${expected}`)
    return
  }
  if (isJsonObject(value)) {
    checkAll(value, descriptor.inputs ?? [], findings)
    return
  }
  if (typeof value === "string") {
    if (descriptor.type === "file" || descriptor.type === "file_array") findings.fileValues.push(value)
    else if (descriptor.type === "model" || descriptor.type === "model_array") {
      findings.modelValues.push({ id: value, types: descriptor.modelTypes })
    } else checkText(value, name, descriptor, findings)
  }
  if (typeof value === "number") checkNumber(value, name, descriptor, findings)
}

const checkText = (value: string, name: string, descriptor: ModelInput, findings: Findings): void => {
  const { allowedValues, minLength, maxLength, type } = descriptor
  if (allowedValues !== undefined && !allowedValues.includes(value)) {
    findings.problems.push(`"${name}" must be one of [${allowedValues.join(", ")}]`)
  }
  if (type !== "string") return
  if (maxLength !== undefined && value.length > maxLength) {
    findings.problems.push(`"${name}" length must be less than or equal to ${maxLength} characters long`)
  }
  if (minLength !== undefined && value.length < minLength) {
    findings.problems.push(`"${name}" length must be at least ${minLength} characters long`)
  }
}

const checkNumber = (value: number, name: string, descriptor: ModelInput, findings: Findings): void => {
  const { allowedValues, min, max, step } = descriptor
  if (allowedValues !== undefined && !allowedValues.includes(value)) {
    findings.problems.push(`"${name}" must be one of [${allowedValues.join(", ")}]`)
  }
  if (min !== undefined && value < min)
    findings.problems.push(`"${name}" must be greater than or equal to ${min}`)
  if (max !== undefined && value > max)
    findings.problems.push(`"${name}" must be less than or equal to ${max}`)
  if (step !== undefined && !isMultiple(value - (min ?? 0), step)) {
    findings.problems.push(`"${name}" must be a multiple of ${step}`)
  }
}

/** Whether `value` is a whole number of steps, rounding errors of decimals aside. */
const isMultiple = (value: number, step: number): boolean =>
  Math.abs(value / step - Math.round(value / step)) < 1e-6
