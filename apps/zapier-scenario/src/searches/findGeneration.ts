import { Assets, type Job, type JobRef, Jobs, resume } from "@scenario-automation/core"
import { classifyJob } from "@scenario-automation/core/job-status"
import { Effect } from "effect"
import { defineSearch } from "zapier-platform-core"
import { keepAvailableAssets } from "../availableAssets.ts"
import { describeEmptyResult } from "../describeError.ts"
import { generationField, missingGeneration } from "../fields/generationField.ts"
import { readChoice, readRequiredText } from "../fields/readField.ts"
import { withLastState } from "../generationStep.ts"
import { addModel } from "../addModel.ts"
import {
  toGenerationOutput,
  generationOutputFields,
  generationSample,
  type GenerationState,
} from "../outputs/generationOutput.ts"
import { describeApproval, describeLateFiles, describeUnfinished } from "../outputs/unfinished.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, type StepBudget, withinStep } from "../StepBudget.ts"
import { isNotFound, isOutage, StillRunning } from "../StepError.ts"
import { isTooOldToHold } from "../toZapierError.ts"

const ifNotFinishedField = {
  key: "ifNotFinished",
  label: "If Not Finished",
  type: "string",
  choices: {
    return: "Continue with Finished set to false",
    wait: "Hold the Zap and check again every minute",
  },
  helpText:
    "What to do if the generation isn't finished after 20 seconds. A Zap is held until half an hour after the generation started, then its run is halted. Default: continue.",
} as const

export const findGeneration = defineSearch({
  key: "find_generation",
  noun: "Generation",
  display: {
    label: "Find Generation",
    description:
      "Finds a generation by its ID, and returns its files with fresh URLs when it is finished. If it isn't finished, the step waits about 20 seconds; then it either continues with Finished set to false, or holds the Zap and checks again every minute, as you choose. A generation that failed is found, too: Error says why. The search is free.",
  },
  operation: {
    inputFields: [generationField, ifNotFinishedField],
    perform: (z, bundle) => {
      const budget = startStepBudget()
      return runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const jobId = yield* readRequiredText(bundle.inputData, generationField, missingGeneration)
          const choice = yield* readChoice(bundle.inputData, ifNotFinishedField)
          const mayHold = choice === "wait" && !bundle.meta.isLoadingSample
          const state = yield* readState(jobId, budget).pipe(
            Effect.mapError((error) =>
              mayHold && isOutage(error) ? new StillRunning({ job: { jobId }, error }) : error,
            ),
          )
          // After half an hour, the available files are better than an error.
          const isWorthHolding = state.generated === undefined || !isTooOldToHold(state.job)
          if (!toGenerationOutput(z, state).finished && mayHold && isWorthHolding)
            return yield* new StillRunning({ job: state.job, snapshot: state.snapshot })
          return [toGenerationOutput(z, yield* addModel(state, budget.leftMs()))]
        }).pipe(Effect.catchIf(isNotFound, () => Effect.succeed([]))),
      )
    },
    sample: generationSample,
    outputFields: generationOutputFields,
  },
})

/** A generation when it has ended, or when the step's time is up. A failed generation is a result here, not an error. */
const readState = Effect.fnUntraced(function* (jobId: string, budget: StepBudget) {
  const jobs = yield* Jobs
  let snapshot: Job = yield* jobs.get(jobId).pipe(withinStep(budget, reserveForResultsMs))
  let message: string | undefined
  if (classifyJob(snapshot) === "waiting") {
    message = yield* jobs
      .waitFor(
        { jobId, submittedAt: snapshot.createdAt },
        {
          timeout: Math.max(0, budget.leftMs() - reserveForResultsMs),
          onUpdate: (update) => Effect.sync(() => (snapshot = update.job)),
          // A person takes longer to approve than a step lasts.
          stopAtApproval: true,
        },
      )
      .pipe(
        Effect.map((finished) => void (snapshot = finished.snapshot)),
        Effect.catchTag("WaitTimedOut", (late) => {
          snapshot = withLastState(snapshot, late)
          return Effect.succeed(
            late.awaitingApproval === undefined
              ? describeUnfinished(jobId, late.lastError !== undefined)
              : describeApproval(jobId, late.awaitingApproval),
          )
        }),
        Effect.catchTag(["JobFailed", "JobCanceled"], () =>
          Effect.map(jobs.get(jobId), (ended) => void (snapshot = ended)),
        ),
        withinStep(budget),
      )
  }
  const submittedAt = snapshot.createdAt ?? snapshot.statusHistory[0]?.date
  const job = { jobId, submittedAt, modelId: snapshot.modelId }
  if (classifyJob(snapshot) !== "succeeded") {
    const state: GenerationState = { job, snapshot, message }
    return state
  }
  return yield* readResults(job, snapshot, budget).pipe(
    Effect.catchTag("AssetsMissing", (missing) =>
      Effect.succeed(keepAvailableAssets(missing, job, snapshot)),
    ),
    Effect.catchTag("EmptyResult", (empty) =>
      Effect.succeed<GenerationState>({
        job,
        snapshot,
        generated: nothing,
        message: describeEmptyResult(empty),
      }),
    ),
    Effect.timeoutOrElse({
      duration: budget.leftMs(),
      orElse: () => Effect.succeed<GenerationState>({ job, snapshot, message: describeLateFiles(jobId) }),
    }),
  )
})

const nothing = { assets: [], output: undefined }

/** The results of a job that succeeded. Waits for missing files until the step's time is up. */
const readResults = Effect.fnUntraced(function* (job: JobRef, snapshot: Job, budget: StepBudget) {
  const { assetIds, output, cost } = snapshot
  if (assetIds.length === 0) {
    const generated = yield* resume({ job, cost, inlineResult: undefined, asset: undefined, snapshot })
    const state: GenerationState = { job, snapshot, generated }
    return state
  }
  const assets = yield* Assets
  const timeout = Math.max(0, budget.leftMs() - reserveForReadingMs)
  const state: GenerationState = {
    job,
    snapshot,
    generated: { assets: yield* assets.resolve({ job, assetIds }, { timeout }), output },
  }
  return state
})

const reserveForReadingMs = 2_000

/** Time to read the assets of a job that ends late. */
const reserveForResultsMs = 4_000
