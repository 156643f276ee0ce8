import { type EndpointName, requestFor } from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineCreate, type PlainInputField, type ZObject } from "zapier-platform-core"
import { assetField, fileField, readFileInput } from "../fields/assetInput.ts"
import { refuseField } from "../fields/InvalidFields.ts"
import { describeChoices, findChoice, readChoice } from "../fields/readField.ts"
import { readInputs, jsonField } from "../fields/readInputs.ts"
import { toInputFields } from "../fields/inputFields.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { getEndpointInputs } from "../fields/stepInputs.ts"
import { readText } from "../fields/readText.ts"
import { toPlan } from "../generationPlan.ts"
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
  helpText: "What to do with the image. Each transformation has its own fields and its own price.",
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
    return yield* refuseField(transformationField.label, `${describeChoices(transformations)}.`)
  }
  const image = yield* readFileInput(inputData)
  const inputs = getEndpointInputs(transformation, ["image"])
  return toPlan(
    requestFor({ endpoint: transformation }, { ...(yield* readInputs(inputData, inputs)), image }),
    inputs,
  )
})

export const transformImage = defineCreate({
  key: "transform_image",
  noun: "Image",
  display: {
    label: "Transform Image",
    description:
      "Generates a new image from an image that you have: upscaled, without its background, as vectors, pixelated, reframed, or restyled. It uses older endpoints that not all accounts have; Generate Asset has newer models for the same. Every run, including tests, spends compute units of your plan. The step waits about 20 seconds and returns the files with their URLs. If it takes longer, Finished is false: use Find Generation with the returned Generation ID.",
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
