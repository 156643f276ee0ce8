import type { InputDescriptor, LoraOptions, RunnableModel } from "@scenario-automation/core"
import { Effect } from "effect"
import type { PlainInputField } from "zapier-platform-core"
import { refuseField } from "./InvalidFields.ts"
import { optionalGroup } from "./optionalGroup.ts"
import { readInput } from "./readInput.ts"

export const baseModelField = {
  key: "baseModel",
  label: "Base Model",
  type: "string",
  altersDynamicFields: true,
  dynamic: "model_list.id.name",
  helpText:
    "The model that runs your LoRA. Leave it empty to use the one that Scenario names for it. The fields that follow are the inputs of the base model.",
  group: optionalGroup.key,
} as const satisfies PlainInputField

export const strengthField = {
  key: "strength",
  label: "LoRA Strength",
  type: "string",
  group: optionalGroup.key,
} as const satisfies PlainInputField

const lorasField = {
  key: "loras",
  label: "More LoRAs",
  type: "string",
  list: true,
  dynamic: "input_model_list.id.name",
  helpText: "LoRAs to combine with the chosen one. They must be of the same family.",
  group: optionalGroup.key,
} as const satisfies PlainInputField

const strengthsField = {
  key: "loraStrengths",
  label: "Strengths of More LoRAs",
  type: "string",
  list: true,
  helpText:
    "One number for each of More LoRAs, in the same order. Leave it empty to use the default of the base model.",
  group: optionalGroup.key,
} as const satisfies PlainInputField

/** The fields of a LoRA beside the inputs of its base model. Compositions take neither strengths nor more LoRAs. */
export const listLoraFields = ({ strength, loras }: RunnableModel): Array<PlainInputField> => [
  ...(strength === undefined ? [] : [{ ...strengthField, helpText: describeStrength(strength) }]),
  ...(loras === undefined ? [] : [lorasField]),
  ...(loras === undefined || strength === undefined ? [] : [strengthsField]),
  baseModelField,
]

export const readLoraOptions = Effect.fnUntraced(function* (inputData: Readonly<Record<string, unknown>>) {
  const [strength] = yield* readStrengths(strengthField.label, inputData[strengthField.key])
  const loras = [
    readInput({ name: lorasField.key, type: "model_array" }, inputData[lorasField.key]) ?? [],
  ].flat()
  const strengths = yield* readStrengths(strengthsField.label, inputData[strengthsField.key])
  if (strengths.length > 0 && strengths.length !== loras.length) {
    return yield* refuseField(
      strengthsField.label,
      `Enter one number for each of More LoRAs (${loras.length}) instead of ${strengths.length}.`,
    )
  }
  const options: Pick<LoraOptions, "strength" | "loras"> = {
    strength,
    loras:
      loras.length === 0
        ? undefined
        : loras.map((model, index) => ({
            model: typeof model === "string" ? model : JSON.stringify(model),
            strength: strengths[index],
          })),
  }
  return options
})

const readStrengths = Effect.fnUntraced(function* (label: string, value: unknown) {
  const given = [readInput({ name: "strengths", type: "number_array" }, value) ?? []].flat()
  return yield* Effect.forEach(given, (one) => {
    const strength = typeof one === "string" && /^\s*\d*\.?\d+\s*$/.test(one) ? Number(one) : one
    return typeof strength === "number"
      ? Effect.succeed(strength)
      : refuseField(label, `Enter a number, such as 0.8, instead of ${JSON.stringify(one)}.`)
  })
})

const describeStrength = ({ min, max }: InputDescriptor): string => {
  const range = min === undefined || max === undefined ? "A number" : `A number from ${min} to ${max}`
  return `How strongly the LoRA changes the result. ${range}. Leave it empty to use the default of the base model.`
}
