import { type Model, Models } from "@scenario-automation/core"
import { findModes } from "@scenario-automation/core/host"
import { Effect, Stream } from "effect"
import { defineSearch } from "zapier-platform-core"
import { readRequiredText } from "../fields/readField.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { isNotFound } from "../StepError.ts"

const wordsField = {
  key: "words",
  label: "Search Terms",
  type: "string",
  required: true,
  helpText: "Words from the names or descriptions of models, such as *pixel art* or *text to video*.",
} as const

export const findModel = defineSearch({
  key: "find_model",
  noun: "Model",
  display: {
    label: "Find Model",
    description:
      "Finds models by search terms, such as a name, a style, or a kind of output. Returns up to 10 models, your own first, each with the Model ID that Generate Asset takes. The search is free.",
  },
  operation: {
    inputFields: [wordsField],
    perform: (z, bundle) =>
      runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const words = yield* readRequiredText(bundle.inputData, wordsField, "Enter words to search for.")
          const models = yield* Models
          const hits = yield* Stream.runCollect(
            Stream.concat(
              models.search(words, { pageSize: maxModels }),
              models.search(words, { pageSize: maxModels, public: true }),
            ).pipe(Stream.take(maxModels)),
          )
          // Both searches can find the same model, and hits don't say whether it needs a mode.
          const unique = [...new Map(hits.map((hit) => [hit.modelId, hit])).values()]
          const modelIds = unique.map(({ modelId }) => modelId)
          if (modelIds.length === 0) return []
          const found = yield* models
            .getMany(modelIds)
            .pipe(Effect.catchIf(isNotFound, () => Effect.succeed(unique)))
          return found.map(toRow)
        }).pipe(withinStep(startStepBudget())),
      ),
    sample: {
      id: "model_flux-1-dev",
      name: "FLUX.1 [dev]",
      description: "Images that follow their prompt closely.",
      type: "flux.1",
      needsMode: true,
      modes: ["txt2img", "img2img"],
      capabilities: ["txt2img", "img2img"],
      plan: "Free",
    },
    outputFields: [
      { key: "id", label: "Model ID", type: "string" },
      { key: "name", label: "Name", type: "string" },
      { key: "description", label: "Description", type: "string" },
      { key: "type", label: "Type", type: "string" },
      { key: "needsMode", label: "Needs a Mode", type: "boolean" },
      { key: "modes", label: "Modes", type: "string", list: true },
      { key: "capabilities", label: "Capabilities", type: "string", list: true },
      { key: "plan", label: "Minimum Plan", type: "string" },
    ],
  },
})

const maxModels = 10

const toRow = (model: Model) => ({
  id: model.modelId,
  name: model.name ?? model.modelId,
  description: model.description ?? null,
  type: model.type,
  needsMode: model.isCustom === false,
  modes: model.isCustom === false ? findModes(model) : [],
  capabilities: model.capabilities,
  plan: model.minimumPlan ?? null,
})
