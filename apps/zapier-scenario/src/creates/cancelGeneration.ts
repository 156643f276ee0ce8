import { Jobs } from "@scenario-automation/core"
import { Effect } from "effect"
import { defineCreate } from "zapier-platform-core"
import { generationField, missingGeneration } from "../fields/generationField.ts"
import { readRequiredText } from "../fields/readField.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"

const messages = {
  canceled: "The generation was canceled.",
  requested:
    "Scenario accepted the request, but the generation isn't canceled yet. Use Find Generation with this ID to see how it ends.",
  "already-finished": "The generation had already finished.",
  "not-permitted": "Scenario can't stop this kind of generation. It keeps running and is charged.",
} as const

export const cancelGeneration = defineCreate({
  key: "cancel_generation",
  noun: "Cancellation",
  display: {
    label: "Cancel Generation",
    description:
      "Generates a request to stop a running generation. Most kinds can't be stopped: they keep running and are charged, and Outcome says so. The request is free and returns at once.",
  },
  operation: {
    inputFields: [generationField],
    perform: (z, bundle) =>
      runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const id = yield* readRequiredText(bundle.inputData, generationField, missingGeneration)
          const jobs = yield* Jobs
          const outcome = yield* jobs.cancel(id)
          return { id, outcome, canceled: outcome === "canceled", message: messages[outcome] }
        }).pipe(withinStep(startStepBudget())),
      ),
    sample: { id: "job_ocZCnKd8Wq5rYtUe", outcome: "canceled", canceled: true, message: messages.canceled },
    outputFields: [
      { key: "id", label: "Generation ID", type: "string" },
      { key: "outcome", label: "Outcome", type: "string" },
      { key: "canceled", label: "Canceled", type: "boolean" },
      { key: "message", label: "Message", type: "string" },
    ],
  },
})
