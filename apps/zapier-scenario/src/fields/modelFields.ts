import {
  type EndpointName,
  InvalidInput,
  type Model,
  Models,
  modesOf,
  requestFor,
} from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, PlainInputField, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { givenInputs, jsonInputs } from "./givenInputs.ts"
import { inputFieldsOf, titleOf } from "./inputFields.ts"
import { inputsOfModel, readMode } from "./inputsOfStep.ts"
import { textAt } from "./textAt.ts"

export const modelField = {
  key: "model",
  label: "Model",
  type: "string",
  required: true,
  altersDynamicFields: true,
  dynamic: "model_list.id.name",
  search: "find_model.id",
  helpText:
    "The model to generate with: one that you have trained, or any public one. Which inputs it takes, what it makes and what it costs depend on it. Find Model finds one by words.",
} as const satisfies PlainInputField

/** The fields of the chosen model: its own inputs, or a Mode where it needs one, and then those of the mode. */
export const modelFields = (z: ZObject, bundle: Bundle): Promise<Array<PlainInputField>> => {
  const modelId = textAt(bundle.inputData, "model")
  if (modelId === undefined) return Promise.resolve([])
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
  const modelId = textAt(inputData, "model") ?? ""
  const model = yield* models.get(modelId)
  if (model.isCustom !== false) {
    return requestFor({ model: modelId }, yield* givenInputs(inputData, model.inputs ?? []))
  }
  // Whoever sees no dynamic fields names the mode in the JSON.
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
          required: true,
          altersDynamicFields: true,
          choices: Object.fromEntries(modesOf(model).map((mode) => [mode, wordingOf[mode] ?? titleOf(mode)])),
          helpText: "How this model is to work. Each mode asks for other inputs and has its own price.",
        },
      ]
    : []

const wordingOf: Partial<Record<EndpointName, string>> = {
  txt2img: "Text to Image",
  img2img: "Image to Image",
  inpaint: "Inpaint",
  controlnet: "ControlNet",
  "controlnet-img2img": "ControlNet with Image to Image",
  "controlnet-inpaint": "ControlNet with Inpaint",
  "txt2img-ip-adapter": "Text to Image with IP-Adapter",
  "img2img-ip-adapter": "Image to Image with IP-Adapter",
  "inpaint-ip-adapter": "Inpaint with IP-Adapter",
  "controlnet-ip-adapter": "ControlNet with IP-Adapter",
  "controlnet-inpaint-ip-adapter": "ControlNet with Inpaint and IP-Adapter",
  "txt2img-texture": "Text to Texture",
  "img2img-texture": "Image to Texture",
  "controlnet-texture": "ControlNet to Texture",
}
