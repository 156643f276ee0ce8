import { Effect } from "effect"
import { modelOptions } from "../../fields/options.ts"
import {
  costNotice,
  fileNotice,
  makeInputsField,
  modeField,
  modelField,
  promptField,
} from "../../fields/target.ts"
import { generateItem } from "../../generating.ts"
import { readGenerationRequest } from "../../inputs/readRequest.ts"
import type { Operation } from "../../Operation.ts"

export const generate: Operation = {
  value: "generate",
  name: "Generate",
  action: "Generate with a model",
  description: "Generate with any model, wait for the result and download its files",
  fields: [
    modelField,
    modeField,
    promptField,
    makeInputsField("modelId.value", "mode"),
    fileNotice,
    costNotice,
    modelOptions,
  ],
  run: (item) => Effect.flatMap(readGenerationRequest(item), (request) => generateItem(item, request)),
}
