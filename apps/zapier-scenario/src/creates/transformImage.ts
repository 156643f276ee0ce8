import {
  type EndpointName,
  type GenerationRequest,
  InvalidInput,
  requestFor,
} from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineCreate, type PlainInputField, type ZObject } from "zapier-platform-core"
import { assetField, fileField, givenFile } from "../fields/assetInput.ts"
import { findChoice, givenChoice } from "../fields/givenText.ts"
import { givenInputs, jsonField } from "../fields/givenInputs.ts"
import { inputFieldsOf } from "../fields/inputFields.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { inputsOfEndpoint } from "../fields/inputsOfStep.ts"
import { textAt } from "../fields/textAt.ts"
import { generationSample } from "../outputs/generationOutput.ts"
import { waitingOperation } from "./waitingOperation.ts"

const transformations = {
  upscale: "Upscale",
  "remove-background": "Remove Background",
  vectorize: "Vectorize",
  pixelate: "Pixelate",
  reframe: "Reframe",
  restyle: "Restyle",
} as const satisfies Partial<Record<EndpointName, string>>

const transformationField = {
  key: "transformation",
  label: "Transformation",
  type: "string",
  required: true,
  altersDynamicFields: true,
  choices: transformations,
  helpText: "What to do with the image. Each transformation has its own settings, and its own price.",
} as const satisfies PlainInputField

const transformationFields = (_z: ZObject, { inputData }: Bundle): Array<PlainInputField> => {
  const transformation = findChoice(transformations, textAt(inputData, transformationField.key))
  return transformation === undefined ? [] : inputFieldsOf(inputsOfEndpoint(transformation, ["image"]))
}

const transformRequest = Effect.fn("transformRequest")(function* (
  inputData: Readonly<Record<string, unknown>>,
) {
  const transformation = yield* givenChoice(inputData, transformationField)
  if (transformation === undefined) {
    const expected = `one of ${Object.keys(transformations).join(", ")}`
    return yield* new InvalidInput({
      issues: [{ path: transformationField.label, expected, got: "nothing" }],
    })
  }
  const image = yield* givenFile(inputData)
  const inputs = yield* givenInputs(inputData, inputsOfEndpoint(transformation, ["image"]))
  const request: GenerationRequest = requestFor({ endpoint: transformation }, { ...inputs, image })
  return request
})

export const transformImage = defineCreate({
  key: "transform_image",
  noun: "Image",
  display: {
    label: "Transform Image",
    description:
      "Generates a new image from one that you have: upscaled, without its background, as vectors, pixelated, reframed, or restyled. Each run, tests included, spends compute units of your plan. It waits about 20 seconds and returns the files with their URLs. If it takes longer, Finished is false: use Find Generation with the returned ID.",
  },
  operation: {
    ...waitingOperation(transformRequest),
    inputFields: [transformationField, fileField, assetField, transformationFields, jsonField, maxCostField],
    sample: { ...generationSample, model: null },
  },
})
