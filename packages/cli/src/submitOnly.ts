import { CostTooHigh, Generations, type GenerationRequest } from "@scenario-automation/core"
import { Console, Effect } from "effect"
import type { RunDeadline } from "./deadline.ts"
import { describeWait } from "./display/JobLine.ts"
import { formatCost } from "./display/quantities.ts"
import { exitCodes } from "./exitCodes.ts"
import { type RunState, toInterruptFailure } from "./interruption.ts"
import { toJobJson } from "./json/toJobJson.ts"
import { formatOutput } from "./report/formatOutput.ts"
import { printJson, reportFailure, type Reporting } from "./runCommand.ts"
import { toResumeCommand } from "./shellCommands.ts"
import { setExplanation } from "./signals.ts"
import { type DurableSubmitOptions, submitDurably } from "./submitDurably.ts"

/** Prints the price without submitting. Fails if it is above the limit, as the submit would. */
export const estimateOnly = Effect.fnUntraced(function* (
  request: GenerationRequest,
  { maxCost, ipDetection }: Pick<DurableSubmitOptions, "maxCost" | "ipDetection">,
  json: boolean,
) {
  const generations = yield* Generations
  const cost = yield* generations.estimate(request, { ipDetection })
  if (maxCost !== undefined && cost > maxCost) return yield* new CostTooHigh({ estimate: cost, maxCost })
  yield* json
    ? printJson({ dryRun: true, cost })
    : Console.log(`This would cost ${formatCost(cost)}. Nothing was submitted.`)
  return exitCodes.done
})

/** Submits and ends; another command waits for the job. */
export const submitOnly = Effect.fnUntraced(function* (
  request: GenerationRequest,
  reporting: Reporting & { readonly out: string },
  options: Pick<DurableSubmitOptions, "maxCost" | "ipDetection" | "requestKey" | "out"> & {
    readonly deadline: RunDeadline | undefined
  },
) {
  const { json, out } = reporting
  const state: RunState = { stage: "unsubmitted", files: 0, saved: [] }
  const { deadline, ...submitOptions } = options
  setExplanation(() => Effect.runSync(reportFailure(reporting, toInterruptFailure(state))))
  const { job, cost, ipDetection, inlineResult, snapshot } = yield* submitDurably(request, {
    ...submitOptions,
    totalTimeout: deadline?.submitTimeout,
    onMaybeAccepted: (isUncertain) => {
      state.stage = isUncertain ? "uncertain" : "unsubmitted"
    },
    onWaiting: (wait) => Console.error(`Waiting: ${describeWait(wait)}`),
    onSubmitted: ({ job }) =>
      Effect.sync(() => {
        state.stage = "waiting"
        state.jobId = job.jobId
      }),
  })
  const { _tag, ...output } = inlineResult ?? { _tag: undefined }
  const resume = toResumeCommand(job.jobId, out)
  if (json) {
    yield* printJson({
      job: toJobJson(job, snapshot, { cost: snapshot?.cost ?? cost }),
      assets: [],
      output: inlineResult === undefined ? undefined : output,
      cost,
      ipDetection,
      resume,
    })
  } else {
    yield* Console.log([job.jobId, ...(inlineResult === undefined ? [] : formatOutput(output))].join("\n"))
    yield* Console.error(
      `Submitted${cost === undefined ? "" : ` for ${formatCost(cost)}`}. Wait for it here or on another machine:\n  ${resume}`,
    )
  }
  return exitCodes.done
})
