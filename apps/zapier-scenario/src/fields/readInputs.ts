import type { InputDescriptor, Inputs, InputValue } from "@scenario-automation/core"
import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { findFileProblem } from "./fileLink.ts"
import { toFieldKey } from "./inputFields.ts"
import { getInputLabel } from "./inputLabel.ts"
import { type FieldProblem, InvalidFields, refuseField } from "./InvalidFields.ts"
import { optionalGroup } from "./optionalGroup.ts"
import { parseJson } from "./parseJson.ts"
import { readBoolean, readInput, toInputValue } from "./readInput.ts"
import { describeValue, isFilledIn } from "./readText.ts"

/** For callers without dynamic fields, such as AI agents, and for inputs that no field can hold. */
export const jsonField = {
  key: "additionalInputs",
  label: "Additional Inputs (JSON)",
  type: "json",
  helpText:
    'Inputs by the names that the model gives them, as one JSON object: `{"prompt": "a red house", "seed": 7}`. Use it if the fields of the model are missing or not enough. If a field and the JSON set the same input, the field wins. A LoRA takes its strength and its base model here, too: `"strength": 0.8, "baseModel": "model_…"`. So does an older model that needs a mode: `"mode": "txt2img"`.',
  group: optionalGroup.key,
} as const satisfies PlainInputField

/**
 * The inputs of the form, and below them those of the JSON. Fields left over from another model aren't sent; core refuses a
 * name in the JSON that the model doesn't have.
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
  const problems = descriptors.flatMap((descriptor) => findFileProblems(descriptor, inputs[descriptor.name]))
  return problems.length === 0 ? inputs : yield* new InvalidFields({ problems })
})

const readJsonInput = ({ name, type }: InputDescriptor, fromJson: Inputs): InputValue =>
  type === "boolean" ? toInputValue(readBoolean(fromJson[name])) : fromJson[name]

export const readJsonInputs = (
  inputData: Readonly<Record<string, unknown>>,
): Effect.Effect<Inputs, InvalidFields> => {
  const value = inputData[jsonField.key]
  if (!isFilledIn(value)) return Effect.succeed({})
  const parsed = typeof value === "string" ? parseJson(value) : value
  return isObject(parsed)
    ? Effect.succeed(
        Object.fromEntries(Object.entries(parsed).map(([name, one]) => [name, toInputValue(one)])),
      )
    : refuseField(
        jsonField.label,
        `Enter one JSON object, such as {"prompt": "a red house"}, instead of ${describeValue(value)}.`,
      )
}

const findFileProblems = (descriptor: InputDescriptor, value: unknown): ReadonlyArray<FieldProblem> =>
  /^file(_array)?$/.test(descriptor.type)
    ? [value].flat().flatMap((one) => {
        const problem = typeof one === "string" ? findFileProblem(one) : undefined
        return problem === undefined ? [] : [{ label: getInputLabel(descriptor), problem }]
      })
    : []

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
