import type { InputDescriptor } from "@scenario-automation/core"
import type { PlainInputField } from "zapier-platform-core"
import { describeInput } from "./inputHelp.ts"
import { getInputLabel, takesModels } from "./inputLabel.ts"
import { optionalGroup } from "./optionalGroup.ts"

/** Keeps a model's inputs apart from the step's own fields. */
const prefix = "in_"

export const toFieldKey = (name: string): string => `${prefix}${name}`

/**
 * The inputs of a model as fields. They have no defaults, because Zapier would always send them and keep them in lists. None
 * is required, because the JSON field may set it instead: core checks the values of both.
 */
export const toInputFields = (descriptors: ReadonlyArray<InputDescriptor>): Array<PlainInputField> => {
  // Zapier refuses a form with the same key twice.
  const unique = [...new Map(descriptors.map((descriptor) => [descriptor.name, descriptor])).values()]
  return unique
    .toSorted((one, other) => getRank(one) - getRank(other))
    .map((descriptor) => toField(descriptor, unique))
}

const getRank = (descriptor: InputDescriptor): number =>
  descriptor.required?.always === true ? 0 : isOptional(descriptor) ? 2 : 1

/** Prompts, and inputs that some runs require, stay out of the group of optional settings. */
const isOptional = ({ required, prompt }: InputDescriptor): boolean =>
  required === undefined && prompt !== true

const toField = (descriptor: InputDescriptor, inputs: ReadonlyArray<InputDescriptor>): PlainInputField => {
  const { placeholder = "" } = descriptor
  const helpText = describeInput(descriptor, inputs) ?? `The model's input "${descriptor.name}".`
  const choices = getChoices(descriptor)
  return {
    key: toFieldKey(descriptor.name),
    label: getInputLabel(descriptor),
    ...getShape(descriptor),
    required: false,
    helpText: helpText.slice(0, maxHelpText),
    ...(choices === undefined ? {} : { choices }),
    ...(takesModels(descriptor) ? { dynamic: "input_model_list.id.name" } : {}),
    ...(placeholder.trim() === "" ? {} : { placeholder }),
    ...(isOptional(descriptor) ? { group: optionalGroup.key } : {}),
    meta: { scenarioType: descriptor.type },
  }
}

export const maxHelpText = 1000

type Shape = Pick<PlainInputField, "type" | "list">

const getShape = ({ type, prompt, allowedValues }: InputDescriptor): Shape => {
  const element = type.replace(/_array$/, "")
  const isList = element !== type
  switch (element) {
    case "string":
      return { type: allowedValues === undefined && (prompt ?? true) ? "text" : "string", list: isList }
    case "boolean":
      return { type: "boolean", list: isList }
    // Zapier turns "high" into 0 in a number field, and cuts "0,75"; core refuses such text instead.
    case "number":
    case "file":
    case "model":
      return { type: "string", list: isList }
    default:
      // Objects, lists of lists, and types that are unknown today.
      return { type: "json" }
  }
}

const getChoices = ({ type, allowedValues = [] }: InputDescriptor): Record<string, string> | undefined => {
  const values = allowedValues.filter((value) => typeof value === "string" || typeof value === "number")
  if (values.length === 0 || !/^(string|number)(_array)?$/.test(type)) return undefined
  return Object.fromEntries(values.map((value) => [String(value), String(value)]))
}
