import { Generations } from "@scenario-automation/core"
import { Effect } from "effect"
import { estimateOptions } from "../../fields/options.ts"
import { inputsField, modeField, modelField } from "../../fields/target.ts"
import { generationRequestOf } from "../../inputs/requestOf.ts"
import type { Operation } from "../../Operation.ts"

export const estimate: Operation = {
  value: "estimate",
  name: "Estimate Cost",
  action: "Estimate the cost of a generation",
  description: "Ask what a generation would cost, without starting it",
  fields: [modelField, modeField, inputsField("modelId.value", "mode"), estimateOptions],
  run: Effect.fnUntraced(function* (item) {
    const generations = yield* Generations
    const cost = yield* generations.estimate(yield* generationRequestOf(item))
    return [{ json: { cost, unit: "compute units" } }]
  }),
}
