import {
  resume,
  Generations,
  type Job,
  type ScenarioServices,
  type Submission,
  type WaitTimedOut,
} from "@scenario-automation/core"
import { classifyJob } from "@scenario-automation/core/job-status"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { keepAvailableAssets } from "./availableAssets.ts"
import { describeEmptyResult } from "./describeError.ts"
import { readRelaySettings } from "./environment.ts"
import { toFieldProblems } from "./fields/describeIssue.ts"
import { InvalidFields } from "./fields/InvalidFields.ts"
import { readMaxCost } from "./fields/maxCost.ts"
import type { PlanEffect } from "./generationPlan.ts"
import { addModel } from "./addModel.ts"
import {
  toGenerationOutput,
  type GenerationOutput,
  type GenerationState,
  readPrompt,
} from "./outputs/generationOutput.ts"
import { describeApproval, describeLateFiles, describeUnfinished } from "./outputs/unfinished.ts"
import { handOver } from "./handover/handOver.ts"
import { runStep } from "./runStep.ts"
import { startStepBudget, type StepBudget, withinStep } from "./StepBudget.ts"
import { AfterSubmit, StepBroke, type StepError } from "./StepError.ts"

export const startGeneration = (z: ZObject, bundle: Bundle, plan: PlanEffect): Promise<GenerationOutput> =>
  submitThen(z, bundle, plan, ({ submission, prompt }, budget) => {
    const { job, snapshot, cost } = submission
    const state = { job, snapshot, cost, prompt, message: describeUnfinished(job.jobId) }
    return Effect.map(addModel(state, budget.leftMs()), (named) => toGenerationOutput(z, named))
  })

/**
 * Submits once and waits for as long as a step can. If the generation isn't finished then, the relay calls Zapier back when it
 * is; without a relay, the next step gets the ID. An error would make Zapier repeat the step, which would be paid again.
 */
export const waitForGeneration = (z: ZObject, bundle: Bundle, plan: PlanEffect): Promise<GenerationOutput> =>
  submitThen(z, bundle, plan, (submitted, budget) => waitOrHandOver(z, bundle, submitted, budget))

interface Submitted {
  readonly submission: Submission
  readonly prompt?: string | undefined
}

/** A defect of this app halts the Zap: a repeated step may be paid again. */
const submitThen = (
  z: ZObject,
  bundle: Bundle,
  plan: PlanEffect,
  next: (
    submitted: Submitted,
    budget: StepBudget,
  ) => Effect.Effect<GenerationOutput, StepError, ScenarioServices>,
): Promise<GenerationOutput> => {
  const budget = startStepBudget()
  return runStep(
    z,
    bundle,
    Effect.gen(function* () {
      const submitted = yield* submit(plan, bundle, budget)
      const { job } = submitted.submission
      return yield* next(submitted, budget).pipe(
        Effect.catchDefect((defect) => Effect.fail(new StepBroke({ defect, job }))),
      )
    }).pipe(Effect.catchDefect((defect) => Effect.fail(new StepBroke({ defect })))),
  )
}

const waitOrHandOver = Effect.fnUntraced(function* (
  z: ZObject,
  bundle: Bundle,
  { submission, prompt }: Submitted,
  budget: StepBudget,
) {
  const state = yield* waitForResults(submission, budget)
  const output = toGenerationOutput(z, { ...(yield* addModel(state, budget.leftMs())), prompt })
  const isOver = output.finished || bundle.meta.isLoadingSample || state.awaitsApproval === true
  if (!isOver) yield* handOver(z, bundle, submission.job, budget)
  return output
})

/**
 * Without a `requestKey`: Zapier gives a run no ID that stays the same when the step is repeated, and a wrong key would give
 * one run the generation of another.
 */
const submit = Effect.fnUntraced(function* (plan: PlanEffect, bundle: Bundle, budget: StepBudget) {
  const maxCost = yield* readMaxCost(bundle)
  const { request, inputs } = yield* plan.pipe(withinStep(budget, reserveForSubmitMs))
  const generations = yield* Generations
  const submission = yield* generations
    .submit(request, {
      totalTimeout: budget.leftMs(),
      queueTimeout: "5 seconds",
      responseTimeout: "10 seconds",
      reconcileTimeout: "6 seconds",
      // A job can run for longer than a step, so Zapier starts the step again later.
      ifAtCeiling: "fail",
      maxCost,
    })
    .pipe(
      Effect.catchTag("InvalidInput", ({ issues }) =>
        Effect.fail(new InvalidFields({ problems: toFieldProblems(issues, inputs) })),
      ),
    )
  const submitted: Submitted = { submission, prompt: readPrompt({ input: { ...request.inputs } }) }
  return submitted
})

const reserveForSubmitMs = 5_000

/** Time to read the assets of a job that ends late, and to hand over a job that doesn't end. */
const reserveForResultsMs = 3_000
const getHandOverReserveMs = () => (readRelaySettings() === undefined ? 0 : 2_500)

export const waitForResults = Effect.fnUntraced(function* (submission: Submission, budget: StepBudget) {
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
    timeout: Math.max(0, budget.leftMs() - getHandOverReserveMs() - reserveForResultsMs),
    onUpdate: (update) => Effect.sync(() => (snapshot = update.job)),
    // A person takes longer to approve than a step lasts.
    stopAtApproval: true,
  }).pipe(
    Effect.map((whole): GenerationState => ({
      job: whole.job,
      snapshot: whole.snapshot ?? snapshot,
      cost: whole.cost,
      generated: whole,
    })),
    // It succeeded and was paid, so the available files are returned.
    Effect.catchTag("AssetsMissing", (missing) =>
      missing.assets.length === 0
        ? Effect.fail(missing)
        : Effect.succeed<GenerationState>({ cost, ...keepAvailableAssets(missing, job, snapshot) }),
    ),
    // A poll or a read of assets that hangs must not lose the generation.
    Effect.timeoutOrElse({
      duration: Math.max(1_000, budget.leftMs() - getHandOverReserveMs()),
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
          ? unfinished(describeUnfinished(job.jobId, late.lastError !== undefined))
          : unfinished(describeApproval(job.jobId, late.awaitingApproval), true),
      )
    }),
    // It was paid: an error would invite a replay, which would be paid again.
    Effect.catchTag("EmptyResult", (empty) =>
      Effect.succeed<GenerationState>({
        job,
        snapshot,
        cost,
        message: describeEmptyResult(empty),
        generated: { assets: [], output: undefined },
      }),
    ),
    Effect.mapError((cause) => new AfterSubmit({ cause, job })),
  )
})

/** The wait's own state can be newer than the last change that it reported. */
export const withLastState = <Snapshot extends Job | undefined>(
  snapshot: Snapshot,
  { lastStatus, progress }: Pick<WaitTimedOut, "lastStatus" | "progress">,
): Snapshot =>
  snapshot === undefined
    ? snapshot
    : { ...snapshot, status: lastStatus ?? snapshot.status, progress: progress ?? snapshot.progress }
