import { Jobs } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { readRequiredText } from "../fields/readField.ts"
import { waitForResults } from "../generationStep.ts"
import { addModel } from "../addModel.ts"
import { toGenerationOutput, type GenerationOutput } from "../outputs/generationOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { AfterSubmit } from "../StepError.ts"

/**
 * Runs after a POST to the callback URL. The posted body isn't trusted or read: the job is the one that the step submitted,
 * and its state is read from Scenario with the user's own key.
 */
export const resumeGeneration = (z: ZObject, bundle: Bundle): Promise<GenerationOutput> => {
  const budget = startStepBudget()
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const jobId = yield* readRequiredText(
        { ...bundle.outputData },
        { key: "id", label: "Generation ID" },
        "The callback names no generation.",
      ).pipe(Effect.mapError((cause) => new AfterSubmit({ cause, job: { jobId: "" } })))
      const jobs = yield* Jobs
      const snapshot = yield* jobs.get({ jobId }).pipe(
        withinStep(budget, reserveForResultsMs),
        Effect.mapError((cause) => new AfterSubmit({ cause, job: { jobId } })),
      )
      const job = { jobId, submittedAt: snapshot.createdAt, modelId: snapshot.modelId }
      const submission = { job, cost: snapshot.cost, inlineResult: undefined, asset: undefined, snapshot }
      return toGenerationOutput(
        z,
        yield* addModel(yield* waitForResults(submission, budget), budget.leftMs()),
      )
    }),
  )
}

const reserveForResultsMs = 8_000
