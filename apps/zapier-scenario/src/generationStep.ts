import {
  classifyJob,
  resume,
  type GenerationRequest,
  Generations,
  type InvalidInput,
  type ApiError,
  type Job,
  type ScenarioServices,
  type Submission,
} from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { relaySettings } from "./environment.ts"
import { givenMaxCost } from "./fields/maxCost.ts"
import { generationOutput, type GenerationOutput, type GenerationState } from "./outputs/generationOutput.ts"
import { decisionMessage, filesLaterMessage, laterMessage } from "./outputs/unfinished.ts"
import { handOver } from "./handover/handOver.ts"
import { runStep } from "./runStep.ts"
import { startStepClock, type StepClock, withinStep } from "./StepClock.ts"
import { AfterSubmit, StepBroke, type StepError } from "./toZapierError.ts"

export type AskedRequest = Effect.Effect<GenerationRequest, InvalidInput | ApiError, ScenarioServices>

/** Submits once, and gives back the job at once. */
export const startGeneration = (
  z: ZObject,
  bundle: Bundle,
  request: AskedRequest,
): Promise<GenerationOutput> =>
  submitAnd(z, bundle, request, ({ job, snapshot, cost }) =>
    Effect.sync(() => generationOutput(z, { job, snapshot, cost, message: laterMessage(job.jobId) })),
  )

/**
 * Submits once and waits for as long as a step can. After that nothing may make Zapier repeat the step, which would be paid
 * again: what is not finished is handed over, to the relay's callback where there is a relay, else to the next step.
 */
export const waitForGeneration = (
  z: ZObject,
  bundle: Bundle,
  request: AskedRequest,
): Promise<GenerationOutput> =>
  submitAnd(z, bundle, request, (submission, clock) => waitOrHandOver(z, bundle, submission, clock))

/** A mistake of ours halts the Zap, from the first check on: whoever repeats the step may pay again. */
const submitAnd = (
  z: ZObject,
  bundle: Bundle,
  request: AskedRequest,
  goOn: (
    submission: Submission,
    clock: StepClock,
  ) => Effect.Effect<GenerationOutput, StepError, ScenarioServices>,
): Promise<GenerationOutput> => {
  const clock = startStepClock()
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const submission = yield* submit(request, bundle, clock)
      return yield* goOn(submission, clock).pipe(
        Effect.catchDefect((defect) => Effect.fail(new StepBroke({ defect, job: submission.job }))),
      )
    }).pipe(Effect.catchDefect((defect) => Effect.fail(new StepBroke({ defect })))),
  )
}

const waitOrHandOver = Effect.fnUntraced(function* (
  z: ZObject,
  bundle: Bundle,
  submission: Submission,
  clock: StepClock,
) {
  const state = yield* results(submission, clock)
  const output = generationOutput(z, state)
  const isOver = output.finished || bundle.meta.isLoadingSample || state.awaitsSomebody === true
  if (!isOver) yield* handOver(z, bundle, submission.job, clock)
  return output
})

const submit = Effect.fnUntraced(function* (request: AskedRequest, { inputData }: Bundle, clock: StepClock) {
  const asked = yield* request.pipe(withinStep(clock, reserveForSubmitMs))
  const generations = yield* Generations
  const maxCost = yield* givenMaxCost(inputData)
  return yield* generations.submit(asked, {
    totalTimeout: clock.leftMs(),
    queueTimeout: "5 seconds",
    responseTimeout: "10 seconds",
    reconcileTimeout: "6 seconds",
    maxCost,
  })
})

/** Without so much time nothing would be submitted anyway. */
const reserveForSubmitMs = 5_000

/** Kept for reading the assets of a job that ends late, and for telling the relay of one that does not. */
const reserveForResultsMs = 3_000
const reserveForHandOverMs = () => (relaySettings() === undefined ? 0 : 2_500)

/** What there is of a submitted job when its time is up: all of it, or how far it has come. */
export const results = Effect.fnUntraced(function* (submission: Submission, clock: StepClock) {
  let snapshot: Job | undefined = submission.snapshot
  const { job, cost } = submission
  const unfinished = (message: string, awaitsSomebody = false): GenerationState => ({
    job,
    snapshot,
    cost,
    message,
    awaitsSomebody,
  })
  return yield* resume(submission, {
    timeout: Math.max(0, clock.leftMs() - reserveForHandOverMs() - reserveForResultsMs),
    onUpdate: (update) => Effect.sync(() => (snapshot = update.job)),
    // Nobody approves within the seconds of a step.
    stopAtApproval: true,
  }).pipe(
    Effect.map((whole): GenerationState => ({
      job: whole.job,
      snapshot: whole.snapshot ?? snapshot,
      cost: whole.cost,
      generated: whole,
    })),
    // A look or a list of assets that hangs: whatever is the matter, the generation is not lost.
    Effect.timeoutOrElse({
      duration: Math.max(1_000, clock.leftMs() - reserveForHandOverMs()),
      orElse: () =>
        Effect.succeed(
          unfinished(
            snapshot !== undefined && classifyJob(snapshot) === "succeeded"
              ? filesLaterMessage(job.jobId)
              : laterMessage(job.jobId),
          ),
        ),
    }),
    Effect.catchTag("WaitTimedOut", ({ awaitingApproval, message }) =>
      Effect.succeed(
        awaitingApproval === undefined
          ? unfinished(message)
          : unfinished(decisionMessage(job.jobId, awaitingApproval), true),
      ),
    ),
    // It was paid: an error would invite a replay, which would be paid again.
    Effect.catchTag("EmptyResult", ({ message }) =>
      Effect.succeed<GenerationState>({
        job,
        snapshot,
        cost,
        message,
        generated: { assets: [], output: undefined },
      }),
    ),
    Effect.mapError((cause) => new AfterSubmit({ cause, job })),
  )
})
