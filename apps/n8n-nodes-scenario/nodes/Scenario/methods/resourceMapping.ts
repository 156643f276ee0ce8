import {
  describeInputs,
  type GenerationTarget,
  type InputDescriptor,
  type InputHelp,
  isEndpointName,
} from "@scenario-automation/core"
import { Effect } from "effect"
import type {
  FieldType,
  ILoadOptionsFunctions,
  ResourceMapperField,
  ResourceMapperFields,
} from "n8n-workflow"
import { runWithAccount } from "../account.ts"
import { descriptorsOf } from "../inputs/descriptors.ts"
import { targetOf } from "../inputs/requestOf.ts"
import { orNodeError } from "../nodeError.ts"
import { textOf } from "../values.ts"

/** The form of inputs for what is chosen in the panel. */
export const getInputs = async (host: ILoadOptionsFunctions): Promise<ResourceMapperFields> => {
  const plain = (name: string) => textOf(host.getCurrentNodeParameter(name))
  const located = (name: string) => textOf(host.getCurrentNodeParameter(name, { extractValue: true }))
  const chosen = chosenOf(plain, located)
  return chosen === undefined
    ? { fields: [] }
    : orNodeError(host, runWithAccount(host, formOf(chosen, plain("mode"))))
}

type Parameter = (name: string) => string | undefined

const chosenOf = (plain: Parameter, located: Parameter): GenerationTarget | undefined => {
  const [resource, operation] = [plain("resource"), plain("operation")]
  if (resource === "image" || resource === "text") {
    return operation !== undefined && isEndpointName(operation) ? { endpoint: operation } : undefined
  }
  if (resource === "workflow") {
    const workflow = located("workflowId")
    return workflow === undefined ? undefined : { workflow }
  }
  const model = located("modelId")
  return model === undefined ? undefined : { model }
}

const formOf = Effect.fn("formOf")(function* (chosen: GenerationTarget, mode: string | undefined) {
  const { target, needsMode } =
    "model" in chosen ? yield* targetOf(chosen.model, mode) : { target: chosen, needsMode: false }
  if (needsMode) return modeIsMissing
  const descriptors = yield* descriptorsOf(target)
  // The model of a mode has a field of its own.
  const isMode = "model" in chosen && "endpoint" in target
  const form: ResourceMapperFields = {
    fields: fieldsOf(descriptors.filter(({ name }) => !isMode || name !== "modelId")),
    ...(descriptors.length === 0 ? { emptyFieldsNotice: notDescribed } : {}),
  }
  return form
})

const notDescribed =
  "Scenario does not describe the inputs of this one. Give them under Options, Inputs (JSON)."

const modeIsMissing: ResourceMapperFields = {
  fields: [],
  emptyFieldsNotice: "This model needs a mode. Choose it under Mode; its inputs then appear here.",
}

/** Needed ones first. What is neither needed nor a prompt waits behind "Add input": nothing is sent that nobody has set. */
const fieldsOf = (descriptors: ReadonlyArray<InputDescriptor>): ResourceMapperField[] => {
  const helps = describeInputs(descriptors)
  const fields = descriptors.map((descriptor, index) => fieldOf(descriptor, helps[index]))
  return [
    ...fields.filter(({ removed }) => removed !== true),
    ...fields.filter(({ removed }) => removed === true),
  ]
}

const fieldOf = (descriptor: InputDescriptor, help: InputHelp | undefined): ResourceMapperField => {
  const isNeeded = descriptor.required?.always ?? false
  const options = optionsOf(descriptor)
  return {
    id: descriptor.name,
    displayName: captionOf(descriptor, help),
    required: isNeeded,
    defaultMatch: false,
    canBeUsedToMatch: false,
    display: true,
    removed: !isNeeded && descriptor.prompt !== true && (descriptor.required?.ifNotDefined.length ?? 0) === 0,
    type: options === undefined ? typeOf(descriptor.type) : "options",
    ...(options === undefined ? {} : { options }),
  }
}

/** n8n shows no hint beside such a field: what it takes stands in its caption. */
const captionOf = (
  { name, label, type, maxLength }: InputDescriptor,
  help: InputHelp | undefined,
): string => {
  const title = label ?? titleOf(name)
  const most = maxLength === undefined ? "" : `, up to ${maxLength}`
  switch (type) {
    case "file":
      return `${title} (binary field, asset ID or URL)`
    case "file_array":
      return `${title} (binary fields, asset IDs, URLs)`
    case "string_array":
    case "model_array":
      return `${title} (list${most})`
    case "number":
      return help?.min === undefined && help?.max === undefined ? title : `${title} (${boundsOf(help)})`
    default:
      return title
  }
}

const boundsOf = ({ min, max, step }: InputHelp): string => {
  const range = [min === undefined ? "up to" : String(min), max === undefined ? "and more" : String(max)]
  const stepText = step === undefined || step === 1 ? "" : `, step ${step}`
  return `${range.join(min === undefined || max === undefined ? " " : "–")}${stepText}`
}

/** `negativePromptStrength` as words. */
const titleOf = (name: string): string => {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll(/[_-]+/g, " ")
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}

const optionsOf = ({ allowedValues, type, default: usual }: InputDescriptor) => {
  if (allowedValues === undefined || allowedValues.length === 0 || type.endsWith("_array")) return undefined
  return allowedValues
    .filter((value) => typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    .map((value) => ({ name: value === usual ? `${value} (default)` : String(value), value }))
}

const typeOf = (type: string): FieldType => {
  switch (type) {
    case "number":
    case "boolean":
      return type
    case "inputs":
      return "object"
    case "inputs_array":
    case "number_array":
    case "number_array_array":
      return "array"
    default:
      return "string"
  }
}
