import { InvalidInput, type Model, Models, modesOf, requestFor } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, PlainInputField, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { readInputs, readJsonInputs } from "./readInputs.ts"
import { readRequiredText } from "./readField.ts"
import { toInputFields } from "./inputFields.ts"
import { getModelInputs, readMode } from "./stepInputs.ts"
import { getModeLabel } from "./modeLabels.ts"
import { isUnresolved, readText } from "./readText.ts"

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
export const listModelFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const modelId = readText(bundle.inputData, "model")
  if (modelId === undefined || isUnresolved(modelId)) return Promise.resolve([])
  return runStep(
    z,
    bundle,
    Effect.flatMap(Models, (models) => models.get(modelId)).pipe(
      withinStep(startStepClock()),
      Effect.map((model) => [
        ...listModeFields(model),
        ...toInputFields(getModelInputs(model, readMode(readText(bundle.inputData, "mode")))),
      ]),
    ),
  )
}

/** The generation that the fields ask for. */
export const readModelRequest = Effect.fn("readModelRequest")(function* (
  inputData: Readonly<Record<string, unknown>>,
) {
  const models = yield* Models
  const modelId = yield* readRequiredText(inputData, modelField, "a model's ID")
  const model = yield* models.get(modelId)
  if (model.isCustom !== false) {
    return requestFor({ model: modelId }, yield* readInputs(inputData, model.inputs ?? []))
  }
  // Callers without dynamic fields name the mode in the JSON.
  const named = readText(inputData, "mode") ?? readText(yield* readJsonInputs(inputData), "mode")
  const endpoint = readMode(named)
  if (endpoint === undefined) {
    const expected = `one of ${modesOf(model).join(", ")}, because this model needs one`
    return yield* new InvalidInput({ issues: [{ path: "Mode", expected, got: named ?? "nothing" }] })
  }
  const { mode: _, ...inputs } = yield* readInputs(inputData, getModelInputs(model, endpoint))
  return requestFor({ endpoint }, { ...inputs, modelId })
})

const listModeFields = (model: Model): Array<PlainInputField> =>
  model.isCustom === false
    ? [
        {
          key: "mode",
          label: "Mode",
          type: "string",
          required: false,
          altersDynamicFields: true,
          choices: Object.fromEntries(modesOf(model).map((mode) => [mode, getModeLabel(mode)])),
          helpText:
            "Required, here or in Additional Inputs (JSON). How this model works. Each mode takes other inputs and has its own price.",
        },
      ]
    : []
