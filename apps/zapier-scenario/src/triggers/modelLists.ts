import type { ApiError, InvalidInput, ScenarioServices } from "@scenario-automation/core"
import { Effect } from "effect"
import { type Bundle, defineTrigger, type ZObject } from "zapier-platform-core"
import { readModelPage } from "../choices/readModelPage.ts"
import { readStepInputs } from "../fields/stepInputs.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"

/**
 * Hidden triggers that fill the dropdowns of models. Zapier allows `choices.perform`, which the other dropdowns use, neither in
 * a field with a search step (its check D014) nor in a field that a function returns.
 */
const defineModelList = (
  key: string,
  label: string,
  typesFor: (
    inputData: Readonly<Record<string, unknown>>,
  ) => Effect.Effect<ReadonlyArray<string> | undefined, ApiError | InvalidInput, ScenarioServices>,
) =>
  defineTrigger({
    key,
    noun: "Model",
    display: { label, description: "Triggers when a dropdown of models is opened.", hidden: true },
    operation: {
      type: "polling",
      canPaginate: true,
      perform: async (z: ZObject, bundle: Bundle) => {
        const budget = startStepBudget()
        const isFirst = (bundle.meta.page ?? 0) === 0
        const token = isFirst ? undefined : await z.cursor.get()
        // Without a cursor, reading the first page again would never end.
        if (!isFirst && (token ?? end) === end) return []
        const page = await runStep(
          z,
          bundle,
          typesFor(bundle.inputData).pipe(
            Effect.flatMap((types) => readModelPage(token ?? undefined, types)),
            withinStep(budget),
          ),
        )
        await z.cursor.set(page.paging_token ?? end)
        return page.results.map(({ id, label: name }) => ({ id, name }))
      },
    },
  })

const end = "end"

export const modelList = defineModelList("model_list", "Models", () => Effect.succeed(undefined))

/**
 * Models that a model takes as an input, such as LoRAs. Zapier doesn't say which field is open, so the list has the types of
 * all inputs.
 */
export const inputModelList = defineModelList("input_model_list", "Models to Use", (inputData) =>
  Effect.map(readStepInputs(inputData), (inputs) => {
    const types = inputs
      .filter(({ type }) => type.startsWith("model"))
      .map(({ modelTypes }) => modelTypes ?? [])
    // The types are unknown if the model comes from an earlier step.
    return types.length === 0 || types.some((some) => some.length === 0)
      ? undefined
      : [...new Set(types.flat())]
  }),
)
