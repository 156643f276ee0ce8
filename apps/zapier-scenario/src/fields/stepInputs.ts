import {
  type EndpointName,
  type InputDescriptor,
  LoraRouting,
  type Model,
  Models,
  Workflows,
} from "@scenario-automation/core"
import { endpointNames, endpoints, isEndpointName, needsBase } from "@scenario-automation/core/host"
import { Effect } from "effect"
import { baseModelField } from "./loraFields.ts"
import { findChoice } from "./readField.ts"
import { getModeLabel } from "./modeLabels.ts"
import { isUnresolved, readText } from "./readText.ts"

/**
 * The inputs of a step's App or of its model, in its mode if the model needs one. They are unknown while the App or the model
 * is a value of an earlier step.
 */
export const readStepInputs = Effect.fn("readStepInputs")(function* (
  inputData: Readonly<Record<string, unknown>>,
) {
  const app = readText(inputData, "app")
  const modelId = readText(inputData, "model")
  const none: ReadonlyArray<InputDescriptor> = []
  if (isUnresolved(app) || isUnresolved(modelId)) return none
  if (app !== undefined) {
    const workflows = yield* Workflows
    return (yield* workflows.get(app)).inputs ?? none
  }
  if (modelId === undefined) return none
  const models = yield* Models
  const model = yield* models.get(modelId)
  if (needsBase(model)) {
    const routing = yield* LoraRouting
    const { inputs = none, loras } = yield* routing.describe(modelId, {
      baseModel: readText(inputData, baseModelField.key),
    })
    return loras === undefined ? inputs : [...inputs, loras]
  }
  return getModelInputs(model, readMode(readText(inputData, "mode")))
})

export const readMode = (name: string | undefined): EndpointName | undefined => {
  const labels: Readonly<Record<string, string>> = Object.fromEntries(
    endpointNames.map((endpoint) => [endpoint, getModeLabel(endpoint)]),
  )
  const mode = findChoice(labels, name)
  return mode !== undefined && isEndpointName(mode) ? mode : undefined
}

/** A model that runs by its own inputs ignores a mode that is left over from another model. */
export const getModelInputs = (
  model: Model,
  mode: EndpointName | undefined,
): ReadonlyArray<InputDescriptor> => {
  if (model.isCustom !== false) return model.inputs ?? []
  return mode === undefined ? [] : getEndpointInputs(mode, ["modelId"])
}

/** The inputs of an older endpoint. A file that has a second field for its asset ID is listed once: core picks the field. */
export const getEndpointInputs = (
  name: EndpointName,
  without: ReadonlyArray<string>,
): ReadonlyArray<InputDescriptor> => {
  const { fields } = endpoints[name]
  const hidden = new Set([...without, ...fields.map(({ assetIdField }) => assetIdField)])
  return fields.filter((field) => !hidden.has(field.name))
}
