import { Generations } from "@scenario-automation/core"
import { Effect } from "effect"
import { estimateOptions } from "../../fields/options.ts"
import { fileNotice, makeInputsField, modeField, modelField, promptField } from "../../fields/target.ts"
import { readGenerationRequest } from "../../inputs/readRequest.ts"
import type { Operation } from "../../Operation.ts"

export const estimate: Operation = {
  value: "estimate",
  name: "Get Cost Estimate",
  action: "Get the cost estimate of a generation",
  description: "Get the cost of a generation without starting it",
  fields: [
    modelField,
    modeField,
    promptField,
    makeInputsField("modelId.value", "mode"),
    fileNotice,
    estimateOptions,
  ],
  run: Effect.fnUntraced(function* (item) {
    const generations = yield* Generations
    const cost = yield* generations.estimate(yield* readGenerationRequest(item))
    return [{ json: { cost, unit: "compute units" } }]
  }),
}
