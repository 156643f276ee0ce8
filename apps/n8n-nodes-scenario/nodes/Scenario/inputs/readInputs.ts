import type { InputDescriptor, Inputs, InputValue } from "@scenario-automation/core"
import type { Item } from "../Item.ts"
import { BadParameter } from "../BadParameter.ts"
import { elementsOf, isRecord, listOf, parsedJson, textOf } from "../values.ts"
import { fileInput } from "./fileInput.ts"
import { findPrompt } from "./findPrompt.ts"

/**
 * The inputs that the user has set: those of the JSON option, over them those of the form, over them the field Prompt.
 * What was left empty is not sent: a default of ours in its place would overrule the model's own.
 */
export const readInputs = async (
  item: Item,
  descriptors: ReadonlyArray<InputDescriptor>,
): Promise<Inputs> => ({
  ...(await convertAll(item, descriptors, item.options.inputsJson ?? {})),
  ...(await convertAll(item, descriptors, formInputs(item))),
  ...promptInput(item, descriptors),
})

/** The field Prompt, which keeps its text when another model is chosen. */
const promptInput = (item: Item, descriptors: ReadonlyArray<InputDescriptor>): Inputs => {
  const prompt = item.shown("prompt")
  if (prompt === undefined) return {}
  const name = findPrompt(descriptors)?.name ?? (descriptors.length === 0 ? "prompt" : undefined)
  if (name !== undefined) return { [name]: prompt }
  throw new BadParameter({
    message: `This model takes no prompt, so nothing was sent. Clear the Prompt field, and set one of its inputs instead: ${descriptors.map((one) => one.name).join(", ")}.`,
  })
}

const formInputs = (item: Item): Readonly<Record<string, unknown>> => {
  const form = item.parameter("inputs")
  return isRecord(form) && isRecord(form["value"]) ? form["value"] : {}
}

const convertAll = async (
  item: Item,
  descriptors: ReadonlyArray<InputDescriptor>,
  values: Readonly<Record<string, unknown>>,
): Promise<Inputs> => {
  const entries = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(async ([name, value]) => {
      const descriptor = descriptors.find((one) => one.name === name)
      return [name, descriptor === undefined ? asInput(value) : await convert(item, descriptor, value)]
    })
  return Object.fromEntries(await Promise.all(entries))
}

const convert = async (item: Item, descriptor: InputDescriptor, value: unknown): Promise<InputValue> => {
  switch (descriptor.type) {
    case "file":
      return fileInput(item, value)
    case "file_array":
      return Promise.all(elementsOf(value).map((element) => fileInput(item, element)))
    case "string_array":
    case "model_array":
      return listOf(value)
    case "number_array":
      return elementsOf(value).map((element) => asInput(element))
    case "inputs":
      return nested(item, descriptor, parsed(value))
    case "inputs_array":
      return Promise.all(elementsOf(parsed(value)).map((element) => nested(item, descriptor, element)))
    case "string":
      return isRecord(value) || Array.isArray(value) ? asInput(value) : textOf(value)
    default:
      return asInput(parsed(value))
  }
}

const nested = async (item: Item, { inputs }: InputDescriptor, value: unknown): Promise<InputValue> =>
  isRecord(value) ? convertAll(item, inputs ?? [], value) : asInput(value)

const parsed = (value: unknown): unknown =>
  typeof value === "string" && /^\s*[[{]/.test(value) ? (parsedJson(value) ?? value) : value

/** Any other value, as far as JSON can hold it; core says what is wrong with it. */
const asInput = (value: unknown): InputValue => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  if (Array.isArray(value)) return value.map(asInput)
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asInput(inner)]))
    : undefined
}
