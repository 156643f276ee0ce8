import { defineCreate } from "zapier-platform-core"
import { jsonField } from "../fields/givenInputs.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { modelField, modelFields, modelRequest } from "../fields/modelFields.ts"
import { waitForGeneration } from "../generationStep.ts"
import { generationOutputFields, generationSample } from "../outputs/generationOutput.ts"
import { resumeGeneration } from "../handover/resumeGeneration.ts"
import { startsPerMinute } from "./startsPerMinute.ts"

export const generateAsset = defineCreate({
  key: "generate_asset",
  noun: "Generation",
  display: {
    label: "Generate Asset",
    description:
      "Generates images, video, audio, 3D or text with a model of your choice, and returns the files with their URLs. Each run, tests included, spends compute units of your plan. It waits about 20 seconds, which most images take; for what takes longer Finished is false, and Find Generation takes it up by its ID.",
  },
  operation: {
    perform: (z, bundle) => waitForGeneration(z, bundle, modelRequest(bundle.inputData)),
    performResume: resumeGeneration,
    inputFields: [modelField, modelFields, jsonField, maxCostField],
    sample: generationSample,
    outputFields: generationOutputFields,
    throttle: startsPerMinute,
  },
})
