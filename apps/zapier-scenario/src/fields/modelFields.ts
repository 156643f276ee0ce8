import { LoraRouting, type Model, Models, requestFor } from "@scenario-automation/core"
import { findModes, needsBase } from "@scenario-automation/core/host"
import { Effect } from "effect"
import type { Bundle, PlainInputField, ZObject } from "zapier-platform-core"
import { toPlan } from "../generationPlan.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { readInputs, readJsonInputs } from "./readInputs.ts"
import { refuseField } from "./InvalidFields.ts"
import { describeChoices, readRequiredText } from "./readField.ts"
import { maxHelpText, toInputFields } from "./inputFields.ts"
import { getModelInputs, readMode } from "./stepInputs.ts"
import { toFieldProblems } from "./describeIssue.ts"
import { baseModelField, listLoraFields } from "./loraFields.ts"
import { readLoraRequest } from "./loraRequest.ts"
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
    "The model to generate with: one that you trained, or a public one. It decides which fields follow, what the step makes, and what it costs. To choose a model while the Zap runs, use Find Model.",
} as const satisfies PlainInputField

/**
 * The inputs of the chosen model as fields, or a Mode if it needs one, and then the inputs of the mode. In the editor, a model
 * that an earlier step returns is unknown.
 */
export const listModelFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const modelId = readText(bundle.inputData, "model")
  if (modelId === undefined || isUnresolved(modelId)) return Promise.resolve([])
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const models = yield* Models
      const model = yield* models.get(modelId)
      if (needsBase(model)) return yield* listFieldsOnBase(modelId, bundle.inputData)
      return [
        ...listModeFields(model),
        ...toInputFields(getModelInputs(model, readMode(readText(bundle.inputData, "mode")))),
      ]
    }).pipe(withinStep(startStepBudget())),
  )
}

const listFieldsOnBase = Effect.fnUntraced(function* (
  modelId: string,
  inputData: Readonly<Record<string, unknown>>,
) {
  const routing = yield* LoraRouting
  return yield* routing.describe(modelId, { baseModel: readText(inputData, baseModelField.key) }).pipe(
    Effect.map((runnable) => [...toInputFields(runnable.inputs ?? []), ...listLoraFields(runnable)]),
    // No base is known, or another one must be chosen.
    Effect.catchTag("InvalidInput", ({ issues }) => {
      const [problem] = toFieldProblems(issues)
      const helpText = `Required. ${problem?.problem ?? ""}`.slice(0, maxHelpText)
      return Effect.succeed<Array<PlainInputField>>([{ ...baseModelField, helpText }])
    }),
  )
})

export const readModelRequest = Effect.fn("readModelRequest")(function* (
  inputData: Readonly<Record<string, unknown>>,
) {
  const models = yield* Models
  const modelId = yield* readRequiredText(inputData, modelField, "Choose a model, or map a Model ID.")
  const model = yield* models.get(modelId)
  if (needsBase(model)) return yield* readLoraRequest(modelId, inputData)
  if (model.isCustom !== false) {
    const descriptors = model.inputs ?? []
    return toPlan(requestFor({ model: modelId }, yield* readInputs(inputData, descriptors)), descriptors)
  }
  // Callers without dynamic fields name the mode in the JSON.
  const named = readText(inputData, "mode") ?? readText(yield* readJsonInputs(inputData), "mode")
  const endpoint = readMode(named)
  if (endpoint === undefined) {
    const instead = named === undefined ? "" : ` instead of ${JSON.stringify(named)}`
    return yield* refuseField(
      "Mode",
      `This older model needs one. ${describeChoices(getModeChoices(model))}${instead}, or set "mode" in Additional Inputs (JSON).`,
    )
  }
  const descriptors = getModelInputs(model, endpoint)
  const { mode: _, ...inputs } = yield* readInputs(inputData, descriptors)
  return toPlan(requestFor({ endpoint }, { ...inputs, modelId }), descriptors)
})

/** Only older models have modes: the newer ones run by their own inputs. */
const listModeFields = (model: Model): Array<PlainInputField> =>
  model.isCustom === false
    ? [
        {
          key: "mode",
          label: "Mode",
          type: "string",
          required: false,
          altersDynamicFields: true,
          choices: getModeChoices(model),
          helpText:
            "Required, here or in Additional Inputs (JSON). This older model runs in one of several modes. Each mode has its own fields and its own price.",
        },
      ]
    : []

const getModeChoices = (model: Model): Record<string, string> =>
  Object.fromEntries(findModes(model).map((mode) => [mode, getModeLabel(mode)]))
