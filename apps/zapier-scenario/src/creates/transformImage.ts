import {
  type EndpointName,
  type GenerationRequest,
  InvalidInput,
  requestFor,
} from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineCreate, type PlainInputField, type ZObject } from "zapier-platform-core"
import { assetField, fileField, readFileInput } from "../fields/assetInput.ts"
import { findChoice, readChoice } from "../fields/readField.ts"
import { readInputs, jsonField } from "../fields/readInputs.ts"
import { toInputFields } from "../fields/inputFields.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { getEndpointInputs } from "../fields/stepInputs.ts"
import { readText } from "../fields/readText.ts"
import { generationSample } from "../outputs/generationOutput.ts"
import { makeWaitingOperation } from "./waitingOperation.ts"

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

const listTransformationFields = (_z: ZObject, { inputData }: Bundle): Array<PlainInputField> => {
  const transformation = findChoice(transformations, readText(inputData, transformationField.key))
  return transformation === undefined ? [] : toInputFields(getEndpointInputs(transformation, ["image"]))
}

const readTransformRequest = Effect.fn("readTransformRequest")(function* (
  inputData: Readonly<Record<string, unknown>>,
) {
  const transformation = yield* readChoice(inputData, transformationField)
  if (transformation === undefined) {
    const expected = `one of ${Object.keys(transformations).join(", ")}`
    return yield* new InvalidInput({
      issues: [{ path: transformationField.label, expected, got: "nothing" }],
    })
  }
  const image = yield* readFileInput(inputData)
  const inputs = yield* readInputs(inputData, getEndpointInputs(transformation, ["image"]))
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
    ...makeWaitingOperation(readTransformRequest),
    inputFields: [
      transformationField,
      fileField,
      assetField,
      listTransformationFields,
      jsonField,
      maxCostField,
    ],
    sample: { ...generationSample, model: null },
  },
})
