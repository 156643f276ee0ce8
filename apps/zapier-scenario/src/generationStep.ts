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
  type WaitTimedOut,
} from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { keepAvailableAssets } from "./availableAssets.ts"
import { readRelaySettings } from "./environment.ts"
import { readMaxCost } from "./fields/maxCost.ts"
import { addModelName } from "./addModelName.ts"
import {
  toGenerationOutput,
  type GenerationOutput,
  type GenerationState,
  readPrompt,
} from "./outputs/generationOutput.ts"
import { describeApproval, describeLateFiles, describeUnfinished } from "./outputs/unfinished.ts"
import { handOver } from "./handover/handOver.ts"
import { runStep } from "./runStep.ts"
import { startStepClock, type StepClock, withinStep } from "./StepClock.ts"
import { AfterSubmit, StepBroke, type StepError } from "./toZapierError.ts"

export type RequestEffect = Effect.Effect<GenerationRequest, InvalidInput | ApiError, ScenarioServices>

/** Submits once, and returns the job at once. */
export const startGeneration = (
  z: ZObject,
  bundle: Bundle,
  request: RequestEffect,
): Promise<GenerationOutput> =>
  submitThen(z, bundle, request, ({ submission, prompt }, clock) => {
    const { job, snapshot, cost } = submission
    const state = { job, snapshot, cost, prompt, message: describeUnfinished(job.jobId) }
    return Effect.map(addModelName(state, clock.leftMs()), (named) => toGenerationOutput(z, named))
  })

/**
 * Submits once and waits for as long as a step can. After that nothing may make Zapier repeat the step, which would be paid
 * again: what isn't finished is handed over, to the relay's callback if there is a relay, else to the next step.
 */
export const waitForGeneration = (
  z: ZObject,
  bundle: Bundle,
  request: RequestEffect,
): Promise<GenerationOutput> =>
  submitThen(z, bundle, request, (submitted, clock) => waitOrHandOver(z, bundle, submitted, clock))

/** A submission, and what its request says about it. */
interface Submitted {
  readonly submission: Submission
  readonly prompt?: string | undefined
}

/** A mistake of ours halts the Zap, from the first check on: a repeated step may be paid again. */
const submitThen = (
  z: ZObject,
  bundle: Bundle,
  request: RequestEffect,
  goOn: (
    submitted: Submitted,
    clock: StepClock,
  ) => Effect.Effect<GenerationOutput, StepError, ScenarioServices>,
): Promise<GenerationOutput> => {
  const clock = startStepClock()
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const submitted = yield* submit(request, bundle, clock)
      const { job } = submitted.submission
      return yield* goOn(submitted, clock).pipe(
        Effect.catchDefect((defect) => Effect.fail(new StepBroke({ defect, job }))),
      )
    }).pipe(Effect.catchDefect((defect) => Effect.fail(new StepBroke({ defect })))),
  )
}

const waitOrHandOver = Effect.fnUntraced(function* (
  z: ZObject,
  bundle: Bundle,
  { submission, prompt }: Submitted,
  clock: StepClock,
) {
  const state = yield* waitForResults(submission, clock)
  const output = toGenerationOutput(z, { ...(yield* addModelName(state, clock.leftMs())), prompt })
  const isOver = output.finished || bundle.meta.isLoadingSample || state.awaitsApproval === true
  if (!isOver) yield* handOver(z, bundle, submission.job, clock)
  return output
})

/**
 * No `requestKey`: Zapier gives a run nothing that stays the same when the step is repeated and differs between two runs, and
 * a wrong key would hand one run the generation of another.
 */
const submit = Effect.fnUntraced(function* (request: RequestEffect, bundle: Bundle, clock: StepClock) {
  const maxCost = yield* readMaxCost(bundle)
  const asked = yield* request.pipe(withinStep(clock, reserveForSubmitMs))
  const generations = yield* Generations
  const submission = yield* generations.submit(asked, {
    totalTimeout: clock.leftMs(),
    queueTimeout: "5 seconds",
    // A step has half a minute: jobs that are running now rarely end in it.
    ifAtCeiling: "fail",
    responseTimeout: "10 seconds",
    reconcileTimeout: "6 seconds",
    maxCost,
  })
  const submitted: Submitted = { submission, prompt: readPrompt({ input: { ...asked.inputs } }) }
  return submitted
})

/** With less time nothing would be submitted anyway. */
const reserveForSubmitMs = 5_000

/** Kept for reading the assets of a job that ends late, and for handing over one that doesn't end. */
const reserveForResultsMs = 3_000
const getHandOverReserveMs = () => (readRelaySettings() === undefined ? 0 : 2_500)

/** What there is of a submitted job when its time is up: all of it, or how far it has come. */
export const waitForResults = Effect.fnUntraced(function* (submission: Submission, clock: StepClock) {
  let snapshot: Job | undefined = submission.snapshot
  const { job, cost } = submission
  const unfinished = (message: string, awaitsApproval = false): GenerationState => ({
    job,
    snapshot,
    cost,
    message,
    awaitsApproval,
  })
  return yield* resume(submission, {
    timeout: Math.max(0, clock.leftMs() - getHandOverReserveMs() - reserveForResultsMs),
    onUpdate: (update) => Effect.sync(() => (snapshot = update.job)),
    // An approval takes a person longer than a step lasts.
    stopAtApproval: true,
  }).pipe(
    Effect.map((whole): GenerationState => ({
      job: whole.job,
      snapshot: whole.snapshot ?? snapshot,
      cost: whole.cost,
      generated: whole,
    })),
    // It succeeded, and was paid: what is there must not be lost for what isn't.
    Effect.catchTag("AssetsMissing", (missing) =>
      missing.assets.length === 0
        ? Effect.fail(missing)
        : Effect.succeed<GenerationState>({ cost, ...keepAvailableAssets(missing, job, snapshot) }),
    ),
    // A poll or a list of assets that hangs: the generation isn't lost.
    Effect.timeoutOrElse({
      duration: Math.max(1_000, clock.leftMs() - getHandOverReserveMs()),
      orElse: () =>
        Effect.succeed(
          unfinished(
            snapshot !== undefined && classifyJob(snapshot) === "succeeded"
              ? describeLateFiles(job.jobId)
              : describeUnfinished(job.jobId),
          ),
        ),
    }),
    Effect.catchTag("WaitTimedOut", (late) => {
      snapshot = withLastState(snapshot, late)
      return Effect.succeed(
        late.awaitingApproval === undefined
          ? unfinished(describeUnfinished(job.jobId, late.lastTrouble !== undefined))
          : unfinished(describeApproval(job.jobId, late.awaitingApproval), true),
      )
    }),
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

/** What the wait knew in the end can be newer than the last change that it reported. */
export const withLastState = <Snapshot extends Job | undefined>(
  snapshot: Snapshot,
  { lastStatus, progress }: Pick<WaitTimedOut, "lastStatus" | "progress">,
): Snapshot =>
  snapshot === undefined
    ? snapshot
    : { ...snapshot, status: lastStatus ?? snapshot.status, progress: progress ?? snapshot.progress }
