import { Assets, classifyJob, findEmptyResult, type Job, Jobs } from "@scenario-automation/core"
import { Effect } from "effect"
import { defineSearch } from "zapier-platform-core"
import { generationField } from "../fields/generationField.ts"
import { requiredText } from "../fields/requiredText.ts"
import {
  generationOutput,
  generationOutputFields,
  generationSample,
  type GenerationState,
} from "../outputs/generationOutput.ts"
import { decisionMessage, filesLaterMessage } from "../outputs/unfinished.ts"
import { runStep } from "../runStep.ts"
import { startStepClock, type StepClock, withinStep } from "../StepClock.ts"
import { isNotFound, StillRunning } from "../toZapierError.ts"

export const findGeneration = defineSearch({
  key: "find_generation",
  noun: "Generation",
  display: {
    label: "Find Generation",
    description:
      "Finds a generation by its ID, and returns its files with fresh URLs once it has finished. It costs nothing. It waits about 20 seconds for one that is on its way; after that it returns it unfinished (Finished is false), or holds the Zap and looks again every minute, as you choose. One that failed is found too: Error says why.",
  },
  operation: {
    inputFields: [
      generationField,
      {
        key: "ifUnfinished",
        label: "If It Is Unfinished",
        type: "string",
        choices: {
          return: "Go on with what is known (Finished is false)",
          wait: "Hold the Zap, and look again every minute",
        },
        helpText:
          "Held for half an hour after the generation began at most; then the Zap run is halted. Default: go on.",
      },
    ],
    perform: (z, bundle) => {
      const clock = startStepClock()
      const mayHold = bundle.inputData["ifUnfinished"] === "wait" && !bundle.meta.isLoadingSample
      return runStep(
        z,
        bundle,
        Effect.gen(function* () {
          const jobId = yield* requiredText(bundle.inputData, generationField)
          const state = yield* stateOf(jobId, clock)
          const output = generationOutput(z, state)
          if (!output.finished && mayHold)
            return yield* new StillRunning({ job: state.job, snapshot: state.snapshot })
          return [output]
        }).pipe(Effect.catchIf(isNotFound, () => Effect.succeed([]))),
      )
    },
    sample: generationSample,
    outputFields: generationOutputFields,
  },
})

/** How a generation stands, when it has ended or the step's time is up. Its failure is an answer here, not an error. */
const stateOf = Effect.fnUntraced(function* (jobId: string, clock: StepClock) {
  const jobs = yield* Jobs
  const assets = yield* Assets
  let snapshot: Job = yield* jobs.get(jobId).pipe(withinStep(clock, reserveForResultsMs))
  let message: string | undefined
  if (classifyJob(snapshot) === "waiting") {
    message = yield* jobs
      .waitFor(
        { jobId, submittedAt: snapshot.createdAt },
        {
          timeout: Math.max(0, clock.leftMs() - reserveForResultsMs),
          onUpdate: (update) => Effect.sync(() => (snapshot = update.job)),
          // A Zap that is held looks again in a minute.
          stopAtApproval: true,
        },
      )
      .pipe(
        Effect.map((finished) => void (snapshot = finished.snapshot)),
        Effect.catchTag("WaitTimedOut", (late) =>
          Effect.succeed(
            late.awaitingApproval === undefined
              ? late.message
              : decisionMessage(jobId, late.awaitingApproval),
          ),
        ),
        Effect.catchTag(["JobFailed", "JobCanceled"], () =>
          Effect.map(jobs.get(jobId), (ended) => void (snapshot = ended)),
        ),
        withinStep(clock),
      )
  }
  const job = { jobId, submittedAt: snapshot.createdAt, modelId: snapshot.modelId }
  if (classifyJob(snapshot) !== "succeeded") {
    const state: GenerationState = { job, snapshot, message }
    return state
  }
  return yield* assets.resolve({ job, assetIds: snapshot.assetIds }).pipe(
    Effect.map((resolved): GenerationState => ({
      job,
      snapshot,
      message: findEmptyResult({ job, assets: resolved, output: snapshot.output, snapshot })?.message,
      generated: { assets: resolved, output: snapshot.output },
    })),
    Effect.timeoutOrElse({
      duration: clock.leftMs(),
      orElse: () => Effect.succeed<GenerationState>({ job, snapshot, message: filesLaterMessage(jobId) }),
    }),
  )
})

/** Kept for reading the assets of a job that ends late. */
const reserveForResultsMs = 4_000
