import { Jobs } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { requiredText } from "../fields/requiredText.ts"
import { results } from "../generationStep.ts"
import { generationOutput, type GenerationOutput } from "../outputs/generationOutput.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { AfterSubmit } from "../toZapierError.ts"

/**
 * Called when somebody has posted to the callback URL. What was posted is not believed, nor read: the job is the one that the
 * first half of the step has submitted, and what became of it is asked of Scenario again, with the user's own key.
 */
export const resumeGeneration = (z: ZObject, bundle: Bundle): Promise<GenerationOutput> => {
  const clock = startStepClock()
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const jobId = yield* requiredText({ ...bundle.outputData }, { key: "id", label: "Generation" }).pipe(
        Effect.mapError((cause) => new AfterSubmit({ cause, job: { jobId: "" } })),
      )
      const jobs = yield* Jobs
      const snapshot = yield* jobs.get(jobId).pipe(
        withinStep(clock, reserveForResultsMs),
        Effect.mapError((cause) => new AfterSubmit({ cause, job: { jobId } })),
      )
      const job = { jobId, submittedAt: snapshot.createdAt, modelId: snapshot.modelId }
      const submission = { job, cost: snapshot.cost, answer: undefined, asset: undefined, snapshot }
      return generationOutput(z, yield* results(submission, clock))
    }),
  )
}

/** Kept for reading the results of a job that has ended. */
const reserveForResultsMs = 8_000
