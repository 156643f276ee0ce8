import {
  type InputDescriptor,
  type Inputs,
  type InputValue,
  InvalidInput,
  parseJson,
} from "@scenario-automation/core"
import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { keyOf } from "./inputFields.ts"
import { optionalGroup } from "./optionalGroup.ts"

/** For whoever has no dynamic fields, AI agents above all, and for inputs that no field can hold. */
export const jsonField = {
  key: "additionalInputs",
  label: "Additional Inputs (JSON)",
  type: "json",
  helpText:
    'Inputs by the names that the model gives them, as one JSON object: `{"prompt": "a red house", "seed": 7}`. Use it where the fields of the model do not show or do not suffice; where both set an input, the field wins. A model that needs a mode takes it here too: `"mode": "txt2img"`.',
  group: optionalGroup.key,
} as const satisfies PlainInputField

/**
 * What the user has set: the JSON, and over it the fields. Fields left over from another model are not sent; a name in the
 * JSON that the model does not have is core's to refuse.
 */
export const givenInputs = (
  inputData: Readonly<Record<string, unknown>>,
  descriptors: ReadonlyArray<InputDescriptor>,
): Effect.Effect<Inputs, InvalidInput> =>
  Effect.map(jsonInputs(inputData), (fromJson) => ({
    ...fromJson,
    ...Object.fromEntries(
      descriptors.flatMap((descriptor) => {
        const value = read(descriptor, inputData[keyOf(descriptor.name)])
        return value === undefined ? [] : [[descriptor.name, value]]
      }),
    ),
  }))

/** The JSON alone. */
export const jsonInputs = (
  inputData: Readonly<Record<string, unknown>>,
): Effect.Effect<Inputs, InvalidInput> => readJson(inputData[jsonField.key])

/** Zapier's servers drop what is empty; not all of them always. 0 and false are values. */
const read = ({ type }: InputDescriptor, value: unknown): InputValue => {
  if (/^(file|model)_array$/.test(type)) return readReferences(value)
  if (Array.isArray(value)) {
    const set = value.filter((element) => element !== "" && element !== null)
    return set.length === 0 ? undefined : toInputValue(set)
  }
  if (value === "" || value === null) return undefined
  // A field of ours for an object: Zapier hands its JSON on as text where it was mapped.
  const isText = /^(string|number|boolean|file|model)(_array)?$/.test(type)
  return toInputValue(typeof value === "string" && !isText ? (parse(value) ?? value) : value)
}

/**
 * A list of models or files, by their ids or links. Where an earlier step's list was put into one line Zapier hands over a
 * text with commas in it, and agents write lists as JSON.
 */
const readReferences = (value: unknown): InputValue => {
  const parsed = typeof value === "string" && value.trim().startsWith("[") ? parse(value) : undefined
  const given = Array.isArray(parsed) ? parsed : [value].flat()
  const references = given.flatMap((one) =>
    typeof one === "string" && !one.startsWith("data:") ? split(one) : [one],
  )
  const set = references.filter((one) => one !== "" && one !== null && one !== undefined)
  return set.length === 0 ? undefined : toInputValue(set)
}

const split = (text: string): ReadonlyArray<string> =>
  // A comma within a link is a part of it.
  text.split(text.includes("://") ? /,?\s+|,(?=https?:\/\/)/ : /[\s,]+/)

const readJson = (value: unknown): Effect.Effect<Inputs, InvalidInput> => {
  if (value === undefined || value === null || value === "") return Effect.succeed({})
  const parsed = typeof value === "string" ? parse(value) : value
  return isObject(parsed)
    ? Effect.succeed(
        Object.fromEntries(Object.entries(parsed).map(([name, one]) => [name, toInputValue(one)])),
      )
    : Effect.fail(
        new InvalidInput({
          issues: [{ path: jsonField.label, expected: "a JSON object of inputs", got: "something else" }],
        }),
      )
}

const parse = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What Zapier hands over is JSON; anything else is no input. */
const toInputValue = (value: unknown): InputValue => {
  if (Array.isArray(value)) return value.map(toInputValue)
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toInputValue(one)]))
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined
}
