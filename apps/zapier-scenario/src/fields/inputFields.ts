import { describeInputs, type InputDescriptor, type InputHelp } from "@scenario-automation/core"
import type { PlainInputField } from "zapier-platform-core"
import { optionalGroup } from "./optionalGroup.ts"

/** Before the names of a model's own inputs, so that none of them collides with a field of the step's. */
const prefix = "in_"

export const toFieldKey = (name: string): string => `${prefix}${name}`

/**
 * A schema as fields to fill in. None has a default, because Zapier would always send it, and keep it in lists. None is
 * required for Zapier, because its value may stand in the JSON field instead: core checks what was given in both.
 */
export const toInputFields = (descriptors: ReadonlyArray<InputDescriptor>): Array<PlainInputField> => {
  // Zapier refuses a form with the same key twice.
  const unique = [...new Map(descriptors.map((descriptor) => [descriptor.name, descriptor])).values()]
  const help = describeInputs(unique)
  return (
    unique
      .flatMap((descriptor, index) => {
        const described = help[index]
        return described === undefined ? [] : [{ descriptor, field: toField(descriptor, described) }]
      })
      // What must be filled in comes first, in the model's own order.
      .toSorted((one, other) => getRank(one.descriptor) - getRank(other.descriptor))
      .map(({ field }) => field)
  )
}

const getRank = (descriptor: InputDescriptor): number =>
  descriptor.required?.always === true ? 0 : isOptional(descriptor) ? 2 : 1

/** Inputs that some runs can't do without, and prompts, aren't hidden among the others. */
const isOptional = ({ required, prompt }: InputDescriptor): boolean =>
  required === undefined && prompt !== true

const toField = (descriptor: InputDescriptor, help: InputHelp): PlainInputField => {
  // Zapier wants no field that asks for an ID by its label.
  const name = takesModels(descriptor) ? descriptor.name.replace(/(?<=.)Ids?$/, "") : descriptor.name
  const label = textOr(descriptor.label, toTitle(name))
  const placeholder = textOr(descriptor.placeholder, undefined)
  const choices = getChoices(descriptor)
  return {
    key: toFieldKey(descriptor.name),
    label,
    ...getShape(descriptor),
    required: false,
    helpText: helpTextOf(descriptor, help).slice(0, maxHelpText),
    ...(choices === undefined ? {} : { choices }),
    ...(takesModels(descriptor) ? { dynamic: "input_model_list.id.name" } : {}),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(isOptional(descriptor) ? { group: optionalGroup.key } : {}),
    meta: { scenarioType: descriptor.type },
  }
}

/** Zapier takes no empty texts. */
const textOr = <Otherwise>(text: string | undefined, otherwise: Otherwise): string | Otherwise =>
  text === undefined || text.trim() === "" ? otherwise : text

/** Zapier's limit. */
const maxHelpText = 1000

const takesModels = ({ type }: InputDescriptor): boolean => /^model(_array)?$/.test(type)

type Shape = Pick<PlainInputField, "type" | "list">

const getShape = ({ type, prompt, allowedValues }: InputDescriptor): Shape => {
  const element = type.replace(/_array$/, "")
  const isList = element !== type
  switch (element) {
    case "string":
      return { type: allowedValues === undefined && (prompt ?? true) ? "text" : "string", list: isList }
    case "boolean":
      return { type: "boolean", list: isList }
    // As a number field, Zapier would make 0 of "high", and cut "0,75": core refuses such text instead.
    case "number":
    case "file":
    case "model":
      return { type: "string", list: isList }
    default:
      // Objects, lists of lists, and what is unknown today.
      return { type: "json" }
  }
}

const getChoices = ({ type, allowedValues = [] }: InputDescriptor): Record<string, string> | undefined => {
  const values = allowedValues.filter((value) => typeof value === "string" || typeof value === "number")
  if (values.length === 0 || !/^(string|number)(_array)?$/.test(type)) return undefined
  return Object.fromEntries(values.map((value) => [String(value), String(value)]))
}

const helpTextOf = (descriptor: InputDescriptor, help: InputHelp): string => {
  const isRequired = help.required === "always"
  const required = isRequired ? "Required, here or in Additional Inputs (JSON). " : ""
  const condition = help.required === undefined || isRequired ? "" : ` Needed ${help.required}.`
  const byDefault = isShort(help.default) ? ` Default: ${String(help.default)}.` : ""
  const cost = help.changesCost ? " Changes the cost." : ""
  const hint = help.hint === undefined ? "" : `${help.hint.trim().replace(/[.!?]?$/, ".")} `
  return `${required}${hint}${takesOf(descriptor, help)}.${condition}${byDefault}${cost}`
}

const takesOf = (descriptor: InputDescriptor, { takes }: InputHelp): string => {
  if (descriptor.type.startsWith("file")) {
    return `An asset of an earlier Scenario step, or the URL of a file. Takes ${takes}`
  }
  if (!takesModels(descriptor)) return `Takes ${takes}`
  const noun = descriptor.type === "model" ? "A model" : "Models"
  const types = descriptor.modelTypes ?? []
  return `${noun}${types.length === 0 ? "" : ` of type ${types.join(" or ")}`}: chosen, or by ID`
}

const isShort = (value: unknown): boolean =>
  (typeof value === "string" && value !== "" && value.length < 100) ||
  typeof value === "number" ||
  typeof value === "boolean"

/** `numOutputs` as `Num Outputs`. */
export const toTitle = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ")
