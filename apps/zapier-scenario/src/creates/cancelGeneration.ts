import { Jobs } from "@scenario-automation/core"
import { Effect } from "effect"
import { defineCreate } from "zapier-platform-core"
import { generationField } from "../fields/generationField.ts"
import { requiredText } from "../fields/requiredText.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"

const messages = {
  canceled: "Scenario has canceled it.",
  requested: "Scenario was asked to stop it. It may still finish, and is billed if it does.",
  "already-finished": "It had ended before.",
  "not-permitted": "Scenario cannot stop this kind of generation: it goes on, and is billed.",
} as const

export const cancelGeneration = defineCreate({
  key: "cancel_generation",
  noun: "Cancellation",
  display: {
    label: "Cancel Generation",
    description:
      "Generates a request to stop a generation that is on its way. Best effort: most kinds cannot be stopped today, go on and are billed; the outcome says which. It costs nothing, and returns at once.",
  },
  operation: {
    inputFields: [generationField],
    perform: (z, bundle) =>
      runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const id = yield* requiredText(bundle.inputData, generationField)
          const jobs = yield* Jobs
          const outcome = yield* jobs.cancel(id)
          return { id, outcome, canceled: outcome === "canceled", message: messages[outcome] }
        }).pipe(withinStep(startStepClock())),
      ),
    sample: { id: "job_ocZCnKd8Wq5rYtUe", outcome: "canceled", canceled: true, message: messages.canceled },
    outputFields: [
      { key: "id", label: "Generation", type: "string" },
      { key: "outcome", label: "Outcome", type: "string" },
      { key: "canceled", label: "Canceled", type: "boolean" },
      { key: "message", label: "Message", type: "string" },
    ],
  },
})
