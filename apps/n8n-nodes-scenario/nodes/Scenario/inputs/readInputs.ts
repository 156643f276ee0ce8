import type { InputDescriptor, Inputs, InputValue } from "@scenario-automation/core"
import type { Item } from "../Item.ts"
import { BadParameter } from "../BadParameter.ts"
import { toElements, isRecord, toList, tryParseJson, toText } from "../values.ts"
import { readFileInput } from "./readFileInput.ts"
import { findPrompt } from "./findPrompt.ts"

/**
 * The inputs that the user has set. Prompt overrides the form, which overrides Inputs (JSON). Empty inputs are not sent,
 * so that the model's own defaults apply.
 */
export const readInputs = async (
  item: Item,
  descriptors: ReadonlyArray<InputDescriptor>,
): Promise<Inputs> => ({
  ...(await convertAll(item, descriptors, item.options.inputsJson ?? {})),
  ...(await convertAll(item, descriptors, readForm(item))),
  ...readPrompt(item, descriptors),
})

const readPrompt = (item: Item, descriptors: ReadonlyArray<InputDescriptor>): Inputs => {
  const prompt = item.shown("prompt")
  if (prompt === undefined) return {}
  const name = findPrompt(descriptors)?.name ?? (descriptors.length === 0 ? "prompt" : undefined)
  if (name !== undefined) return { [name]: prompt }
  throw new BadParameter({
    message: `This model takes no prompt, so nothing was sent. Clear the Prompt field, and set one of its inputs instead: ${descriptors.map((one) => one.name).join(", ")}.`,
  })
}

const readForm = (item: Item): Readonly<Record<string, unknown>> => {
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
      return [name, descriptor === undefined ? toInput(value) : await convert(item, descriptor, value)]
    })
  return Object.fromEntries(await Promise.all(entries))
}

const convert = async (item: Item, descriptor: InputDescriptor, value: unknown): Promise<InputValue> => {
  switch (descriptor.type) {
    case "file":
      return readFileInput(item, value)
    case "file_array":
      return Promise.all(toElements(value).map((element) => readFileInput(item, element)))
    case "string_array":
    case "model_array":
      return toList(value)
    case "number_array":
      return toElements(value).map((element) => toInput(element))
    case "inputs":
      return convertNested(item, descriptor, parseIfJson(value))
    case "inputs_array":
      return Promise.all(
        toElements(parseIfJson(value)).map((element) => convertNested(item, descriptor, element)),
      )
    case "string":
      return isRecord(value) || Array.isArray(value) ? toInput(value) : toText(value)
    default:
      return toInput(parseIfJson(value))
  }
}

const convertNested = async (item: Item, { inputs }: InputDescriptor, value: unknown): Promise<InputValue> =>
  isRecord(value) ? convertAll(item, inputs ?? [], value) : toInput(value)

const parseIfJson = (value: unknown): unknown =>
  typeof value === "string" && /^\s*[[{]/.test(value) ? (tryParseJson(value) ?? value) : value

/** Any JSON value; core reports what is wrong with it. */
const toInput = (value: unknown): InputValue => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  if (Array.isArray(value)) return value.map(toInput)
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toInput(inner)]))
    : undefined
}
