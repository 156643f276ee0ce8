import { defineCreate } from "zapier-platform-core"
import { jsonField } from "../fields/readInputs.ts"
import { maxCostField } from "../fields/maxCost.ts"
import { modelField, listModelFields, readModelRequest } from "../fields/modelFields.ts"
import { optionalGroup } from "../fields/optionalGroup.ts"
import { startGeneration as start } from "../generationStep.ts"
import { generationOutputFields, generationSample } from "../outputs/generationOutput.ts"
import { startedSample } from "../outputs/startedSample.ts"

export const startGeneration = defineCreate({
  key: "start_generation",
  noun: "Generation",
  display: {
    label: "Start Generation",
    description:
      "Generates with a model of your choice, such as a video model that takes minutes, and returns the Generation ID without waiting for the result. Every run, including tests, spends compute units of your plan; Maximum Cost limits them. To get the files, use Find Generation with that ID, or the trigger Generation Finished.",
  },
  operation: {
    perform: (z, bundle) => start(z, bundle, readModelRequest(bundle.inputData)),
    inputFields: [modelField, listModelFields, jsonField, maxCostField],
    inputFieldGroups: [optionalGroup],
    sample: { ...generationSample, ...startedSample },
    outputFields: generationOutputFields,
  },
})
