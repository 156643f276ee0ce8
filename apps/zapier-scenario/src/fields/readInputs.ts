import { type InputDescriptor, type Inputs, type InputValue, InvalidInput } from "@scenario-automation/core"
import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { describeLink, findFileProblem } from "./fileLink.ts"
import { toFieldKey } from "./inputFields.ts"
import { optionalGroup } from "./optionalGroup.ts"
import { parseJson } from "./parseJson.ts"
import { readBoolean, readInput, toInputValue } from "./readInput.ts"
import { describeValue, isFilledIn } from "./readText.ts"

/** For callers without dynamic fields, AI agents above all, and for inputs that no field can hold. */
export const jsonField = {
  key: "additionalInputs",
  label: "Additional Inputs (JSON)",
  type: "json",
  helpText:
    'Inputs by the names that the model gives them, as one JSON object: `{"prompt": "a red house", "seed": 7}`. Use it if the fields of the model are missing or not enough. If a field and the JSON set the same input, the field wins. A model that needs a mode takes it here, too: `"mode": "txt2img"`.',
  group: optionalGroup.key,
} as const satisfies PlainInputField

/**
 * What the user has set: the JSON, and the fields over it. Fields that are left over from another model aren't sent; core
 * refuses a name in the JSON that the model doesn't have.
 */
export const readInputs = Effect.fnUntraced(function* (
  inputData: Readonly<Record<string, unknown>>,
  descriptors: ReadonlyArray<InputDescriptor>,
) {
  const fromJson = yield* readJsonInputs(inputData)
  const known = descriptors.flatMap((descriptor) => {
    const value =
      readInput(descriptor, inputData[toFieldKey(descriptor.name)]) ?? readJsonInput(descriptor, fromJson)
    return value === undefined ? [] : [[descriptor.name, value] as const]
  })
  const inputs: Inputs = { ...fromJson, ...Object.fromEntries(known) }
  const issues = descriptors.flatMap((descriptor) => findFileIssues(descriptor, inputs[descriptor.name]))
  return issues.length === 0 ? inputs : yield* new InvalidInput({ issues })
})

const readJsonInput = ({ name, type }: InputDescriptor, fromJson: Inputs): InputValue =>
  type === "boolean" ? toInputValue(readBoolean(fromJson[name])) : fromJson[name]

/** The inputs of the JSON field only. */
export const readJsonInputs = (
  inputData: Readonly<Record<string, unknown>>,
): Effect.Effect<Inputs, InvalidInput> => {
  const value = inputData[jsonField.key]
  if (!isFilledIn(value)) return Effect.succeed({})
  const parsed = typeof value === "string" ? parseJson(value) : value
  return isObject(parsed)
    ? Effect.succeed(
        Object.fromEntries(Object.entries(parsed).map(([name, one]) => [name, toInputValue(one)])),
      )
    : Effect.fail(
        new InvalidInput({
          issues: [{ path: jsonField.label, expected: "a JSON object of inputs", got: describeValue(value) }],
        }),
      )
}

const findFileIssues = ({ name, type }: InputDescriptor, value: unknown) =>
  /^file(_array)?$/.test(type)
    ? [value].flat().flatMap((one) => {
        const expected = typeof one === "string" ? findFileProblem(one) : undefined
        return expected === undefined ? [] : [{ path: name, expected, got: describeLink(String(one)) }]
      })
    : []

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
