import { InvalidInput, type Model, Models, modesOf, requestFor } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, PlainInputField, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { givenInputs, jsonInputs } from "./givenInputs.ts"
import { requiredText } from "./givenText.ts"
import { inputFieldsOf } from "./inputFields.ts"
import { inputsOfModel, readMode } from "./inputsOfStep.ts"
import { labelOfMode } from "./modeLabels.ts"
import { isUnresolved, textAt } from "./textAt.ts"

export const modelField = {
  key: "model",
  label: "Model",
  type: "string",
  required: true,
  altersDynamicFields: true,
  dynamic: "model_list.id.name",
  search: "find_model.id",
  helpText:
    "The model to generate with: one that you have trained, or a public one. It decides which inputs there are, what the step makes, and what it costs. Find Model finds a model by words.",
} as const satisfies PlainInputField

/**
 * The fields of the chosen model: its own inputs, or a Mode if it needs one, and then those of the mode. A model that an
 * earlier step will give is unknown in the editor: the inputs go into the JSON field.
 */
export const modelFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const modelId = textAt(bundle.inputData, "model")
  if (modelId === undefined || isUnresolved(modelId)) return Promise.resolve([])
  return runStep(
    z,
    bundle,
    Effect.flatMap(Models, (models) => models.get(modelId)).pipe(
      withinStep(startStepClock()),
      Effect.map((model) => [
        ...modeFields(model),
        ...inputFieldsOf(inputsOfModel(model, readMode(textAt(bundle.inputData, "mode")))),
      ]),
    ),
  )
}

/** The generation that the fields ask for. */
export const modelRequest = Effect.fn("modelRequest")(function* (
  inputData: Readonly<Record<string, unknown>>,
) {
  const models = yield* Models
  const modelId = yield* requiredText(inputData, modelField, "a model's ID")
  const model = yield* models.get(modelId)
  if (model.isCustom !== false) {
    return requestFor({ model: modelId }, yield* givenInputs(inputData, model.inputs ?? []))
  }
  // Callers without dynamic fields name the mode in the JSON.
  const named = textAt(inputData, "mode") ?? textAt(yield* jsonInputs(inputData), "mode")
  const endpoint = readMode(named)
  if (endpoint === undefined) {
    const expected = `one of ${modesOf(model).join(", ")}, because this model needs one`
    return yield* new InvalidInput({ issues: [{ path: "Mode", expected, got: named ?? "nothing" }] })
  }
  const { mode: _, ...inputs } = yield* givenInputs(inputData, inputsOfModel(model, endpoint))
  return requestFor({ endpoint }, { ...inputs, modelId })
})

const modeFields = (model: Model): Array<PlainInputField> =>
  model.isCustom === false
    ? [
        {
          key: "mode",
          label: "Mode",
          type: "string",
          required: false,
          altersDynamicFields: true,
          choices: Object.fromEntries(modesOf(model).map((mode) => [mode, labelOfMode(mode)])),
          helpText:
            "Required, here or in Additional Inputs (JSON). How this model works. Each mode takes other inputs and has its own price.",
        },
      ]
    : []
