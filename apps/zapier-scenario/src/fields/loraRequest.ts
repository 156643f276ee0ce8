import { LoraRouting, requestFor } from "@scenario-automation/core"
import { Effect } from "effect"
import { toPlan } from "../generationPlan.ts"
import { baseModelField, readLoraOptions, strengthField } from "./loraFields.ts"
import { readOptionalText } from "./readField.ts"
import { readInputs, readJsonInputs } from "./readInputs.ts"
import { isFilledIn } from "./readText.ts"

/** The request of a LoRA or a composition, with the inputs of its base model. */
export const readLoraRequest = Effect.fn("readLoraRequest")(function* (
  modelId: string,
  inputData: Readonly<Record<string, unknown>>,
) {
  const fromJson = yield* readJsonInputs(inputData)
  const filledIn = Object.fromEntries(Object.entries(inputData).filter(([, value]) => isFilledIn(value)))
  const { baseModel: namedBase } = fromJson
  const baseModel = yield* readOptionalText({ baseModel: namedBase, ...filledIn }, baseModelField)
  const routing = yield* LoraRouting
  const { inputs = [] } = yield* routing.describe(modelId, { baseModel })
  // Callers without dynamic fields set the options in the JSON. A base model can have inputs of the same names.
  const isOption = (name: string) => optionNames.has(name) && inputs.every((input) => input.name !== name)
  const options = yield* readLoraOptions({
    ...Object.fromEntries(Object.entries(fromJson).filter(([name]) => isOption(name))),
    ...filledIn,
  })
  const given = Object.entries(yield* readInputs(inputData, inputs)).filter(([name]) => !isOption(name))
  return toPlan(requestFor({ model: modelId }, Object.fromEntries(given), { ...options, baseModel }), inputs)
})

const optionNames: ReadonlySet<string> = new Set([strengthField.key, baseModelField.key])
