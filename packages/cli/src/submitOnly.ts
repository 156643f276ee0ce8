import { CostTooHigh, Generations, type GenerationRequest } from "@scenario-automation/core"
import { Console, Effect } from "effect"
import { printJson, reportFailure, type Reporting } from "./conclude.ts"
import { costText } from "./display/quantities.ts"
import { exitCodes } from "./exitCodes.ts"
import { interrupted, resumeCommand } from "./Failure.ts"
import { outputText } from "./report/outputText.ts"

/** What it would cost. Nothing is submitted; a price above the limit fails as the submit would. */
export const estimateOnly = Effect.fnUntraced(function* (
  request: GenerationRequest,
  maxCost: number | undefined,
  json: boolean,
) {
  const generations = yield* Generations
  const cost = yield* generations.estimate(request)
  if (maxCost !== undefined && cost > maxCost) return yield* new CostTooHigh({ estimate: cost, maxCost })
  yield* json
    ? printJson({ dryRun: true, cost })
    : Console.log(`This would cost ${costText(cost)}. Nothing was submitted.`)
  return exitCodes.done
})

/** Submits, and leaves the waiting to somebody else. */
export const submitOnly = Effect.fnUntraced(function* (
  request: GenerationRequest,
  maxCost: number | undefined,
  reporting: Reporting & { readonly out: string },
) {
  const { json, out } = reporting
  const generations = yield* Generations
  let jobId: string | undefined
  const { job, cost, answer, snapshot } = yield* generations
    .submit(request, {
      maxCost,
      onSubmitted: (submission) =>
        Effect.sync(() => {
          jobId = submission.job.jobId
        }),
    })
    .pipe(Effect.onInterrupt(() => reportFailure(reporting, interrupted(jobId))))
  const { _tag, ...output } = answer ?? { _tag: undefined }
  const resume = resumeCommand(job.jobId, out)
  if (json) {
    yield* printJson({
      job: {
        id: job.jobId,
        status: snapshot?.status ?? "unknown",
        submittedAt: job.submittedAt,
        modelId: job.modelId,
      },
      assets: [],
      output: answer === undefined ? undefined : output,
      cost,
      resume,
    })
  } else {
    yield* Console.log([job.jobId, ...(answer === undefined ? [] : outputText(output))].join("\n"))
    yield* Console.error(
      `Submitted${cost === undefined ? "" : ` for ${costText(cost)}`}. Wait for it, here or on another machine:\n  ${resume}`,
    )
  }
  return exitCodes.done
})
