import { defineCreate } from "zapier-platform-core"
import { jsonField } from "../fields/readInputs.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { modelField, listModelFields, readModelRequest } from "../fields/modelFields.ts"
import { generationSample } from "../outputs/generationOutput.ts"
import { makeWaitingOperation } from "./waitingOperation.ts"

export const generateAsset = defineCreate({
  key: "generate_asset",
  noun: "Generation",
  display: {
    label: "Generate Asset",
    description:
      "Generates images, video, audio, 3D, or text with a model of your choice, and returns the files with their URLs. Every run, including tests, spends compute units of your plan; Maximum Cost limits them. The step waits about 20 seconds, which is enough for most images. If the generation takes longer, Finished is false: use Find Generation with the returned Generation ID instead of generating again. If you don't see the model's own fields, set them by name in Additional Inputs (JSON). Thumbnail URLs never expire and open without a password, even for private assets.",
  },
  operation: {
    ...makeWaitingOperation(readModelRequest),
    inputFields: [modelField, listModelFields, jsonField, maxCostField],
    sample: generationSample,
  },
})
