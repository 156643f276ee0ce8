import type { InputDescriptor } from "@scenario-automation/core"
import { joinSentences } from "../outputs/sentences.ts"
import { getInputLabel, takesModels } from "./inputLabel.ts"

export const describeInput = (
  descriptor: InputDescriptor,
  inputs: ReadonlyArray<InputDescriptor>,
): string | undefined => {
  const isRequired = descriptor.required?.always === true
  return joinSentences(
    isRequired ? "Required, here or in Additional Inputs (JSON)" : undefined,
    descriptor.description ?? descriptor.hint,
    describeValues(descriptor),
    isRequired ? undefined : describeCondition(descriptor, inputs),
    isShort(descriptor.default) ? `Default: ${String(descriptor.default)}` : undefined,
    descriptor.costImpact === true ? "Changes the cost" : undefined,
  )
}

const describeValues = (descriptor: InputDescriptor): string | undefined => {
  const element = descriptor.type.replace(/_array$/, "")
  if (element === descriptor.type || element === "inputs") return describeValue(descriptor, element)
  const { minLength, maxLength, ...one } = descriptor
  const count = describeRange(minLength, maxLength)
  return joinSentences(
    describeValue(one, element),
    count === undefined ? "A list" : `A list of ${count} ${maxLength === 1 ? "item" : "items"}`,
  )
}

const describeValue = (descriptor: InputDescriptor, element: string): string | undefined => {
  if ((descriptor.allowedValues ?? []).length > 0) return undefined
  switch (element) {
    case "string": {
      const length = describeRange(descriptor.minLength, descriptor.maxLength)
      return length === undefined ? "Text" : `Text, ${length} characters`
    }
    case "number":
      return describeNumber(descriptor)
    case "boolean":
      return "True or False"
    case "file":
      return `${describeFile(descriptor)}: an asset ID from an earlier Scenario step, or the URL of a file`
    case "model":
      return `A model${describeModelTypes(descriptor)}: choose it, or map its ID from Find Model`
    default: {
      const noun = element === "inputs" && descriptor.type !== element ? "A JSON list of objects" : "JSON"
      const names = descriptor.inputs?.map(({ name }) => name) ?? []
      return names.length === 0 ? noun : `${noun} with ${names.join(", ")}`
    }
  }
}

const describeNumber = ({ min, max, step }: InputDescriptor): string => {
  const noun = step === 1 ? "A whole number" : "A number"
  const steps = step === undefined || step === 1 || step <= 0 ? "" : `, in steps of ${step}`
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}${steps}`
  const range = describeRange(min, max)
  return `${noun}${range === undefined ? "" : `, ${range}`}${steps}`
}

const describeFile = ({ kind = "", maxSize }: InputDescriptor): string => {
  const size = maxSize === undefined ? "" : ` of up to ${Math.round(maxSize / 100_000) / 10} MB`
  return `${fileNouns.get(kind) ?? "A file"}${size}`
}

const fileNouns: ReadonlyMap<string, string> = new Map([
  ["image", "An image"],
  ["image-hdr", "An HDR image"],
  ["video", "A video"],
  ["audio", "An audio file"],
  ["3d", "A 3D file"],
  ["document", "A document"],
  ["text", "A text file"],
  ["json", "A JSON file"],
])

const describeModelTypes = (descriptor: InputDescriptor): string => {
  const types = takesModels(descriptor) ? (descriptor.modelTypes ?? []) : []
  return types.length === 0 ? "" : ` of type ${types.join(" or ")}`
}

const describeCondition = (
  { required }: InputDescriptor,
  inputs: ReadonlyArray<InputDescriptor>,
): string | undefined => {
  if (required === undefined) return undefined
  const toLabel = (name: string): string => {
    const other = inputs.find((input) => input.name === name)
    return other === undefined ? name : getInputLabel(other)
  }
  const conditions = [
    ...required.ifDefined.map((name) => `when ${toLabel(name)} is set`),
    ...(required.ifNotDefined.length === 0
      ? []
      : [`unless ${required.ifNotDefined.map(toLabel).join(" or ")} is set`]),
    ...required.conditionalValues.map(
      ({ input, values }) => `when ${toLabel(input)} is ${values.map(String).join(" or ")}`,
    ),
  ]
  return conditions.length === 0 ? undefined : `Required ${conditions.join(", or ")}`
}

type Bound = number | string | undefined

const describeRange = (min: Bound, max: Bound): string | undefined => {
  if (min !== undefined && Number(min) > 1) {
    if (max === undefined) return `at least ${format(min)}`
    return min === max ? `exactly ${format(min)}` : `${format(min)} to ${format(max)}`
  }
  return max === undefined ? undefined : `up to ${format(max)}`
}

/** `2,000`. A bound that a number would round is text. */
const format = (bound: number | string): string =>
  typeof bound === "number" ? bound.toLocaleString("en-US") : bound

const isShort = (value: unknown): boolean =>
  (typeof value === "string" && value !== "" && value.length < 100) ||
  typeof value === "number" ||
  typeof value === "boolean"
