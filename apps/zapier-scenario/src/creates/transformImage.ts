import {
  type EndpointName,
  type GenerationRequest,
  InvalidInput,
  requestFor,
} from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineCreate, type PlainInputField, type ZObject } from "zapier-platform-core"
import { assetField, fileField, givenFile } from "../fields/assetInput.ts"
import { givenInputs, jsonField } from "../fields/givenInputs.ts"
import { inputFieldsOf } from "../fields/inputFields.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { inputsOfEndpoint } from "../fields/inputsOfStep.ts"
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

type Transformation = keyof typeof transformations

const isTransformation = (value: unknown): value is Transformation =>
  typeof value === "string" && Object.hasOwn(transformations, value)

const transformationFields = (_z: ZObject, { inputData }: Bundle): Array<PlainInputField> =>
  isTransformation(inputData["transformation"])
    ? inputFieldsOf(inputsOfEndpoint(inputData["transformation"], ["image"]))
    : []

const transformRequest = Effect.fn("transformRequest")(function* (
  inputData: Readonly<Record<string, unknown>>,
) {
  const { transformation } = inputData
  if (!isTransformation(transformation)) {
    const expected = `one of ${Object.keys(transformations).join(", ")}`
    return yield* new InvalidInput({
      issues: [{ path: "Transformation", expected, got: JSON.stringify(transformation) ?? "nothing" }],
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
      "Generates a new image out of one that you have: upscaled, without its background, as vectors, pixelated, reframed or restyled. Each run, tests included, spends compute units of your plan. It waits about 20 seconds and returns the files with their URLs; for what takes longer Finished is false, and Find Generation takes it up by its ID.",
  },
  operation: {
    ...waitingOperation(transformRequest),
    inputFields: [
      {
        key: "transformation",
        label: "Transformation",
        type: "string",
        required: true,
        altersDynamicFields: true,
        choices: transformations,
        helpText: "What is to happen to the image. Each has its own settings, and its own price.",
      },
      fileField,
      assetField,
      transformationFields,
      jsonField,
      maxCostField,
    ],
    sample: { ...generationSample, model: null },
  },
})
