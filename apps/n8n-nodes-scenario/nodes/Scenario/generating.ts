import {
  type GenerationRequest,
  Generations,
  type JobRef,
  Jobs,
  resume,
  type Submission,
  SubmitUncertain,
  type WaitTimedOut,
} from "@scenario-automation/core"
import { defaultWaitTimeout } from "@scenario-automation/core/host"
import { Duration, Effect } from "effect"
import { describeError } from "./errorText.ts"
import type { Item } from "./Item.ts"
import { type ItemError, JobVanished } from "./nodeError.ts"
import type { ItemResult } from "./Operation.ts"
import { toGeneratedItems } from "./output/toGeneratedItems.ts"
import { toPlainJson } from "./output/toJson.ts"
import { recordJob } from "./recordJob.ts"
import { getRequestKey } from "./getRequestKey.ts"
import type { StartedRequest } from "./RetryMemory.ts"

const getTimeout = ({ options }: Item): Duration.Duration =>
  options.timeoutMinutes === undefined ? defaultWaitTimeout : Duration.minutes(options.timeoutMinutes)

/** Submits, or continues what an earlier attempt has submitted. */
const submitOnce = Effect.fn("submitOnce")(function* (item: Item, request: GenerationRequest) {
  const key = getRequestKey(item, request)
  const known = item.options.reuseJobs === false ? undefined : item.memory.take(key)
  const submission = known && (yield* takeOver(item, known))
  if (known !== undefined && submission !== undefined) return { submission, started: known }
  return yield* submitNew(item, request, key)
})

const submitNew = Effect.fnUntraced(function* (item: Item, request: GenerationRequest, key: string) {
  const { memory, options } = item
  const generations = yield* Generations
  let started: StartedRequest | undefined
  const submission = yield* generations
    .submit(request, {
      maxCost: options.maxCost,
      // Items above the plan's limit of running jobs queue for as long as the others may take.
      queueTimeout: getTimeout(item),
      // At a ceiling of running jobs only this limits the wait; the minute and a half is for sending and its response.
      totalTimeout: Duration.sum(getTimeout(item), Duration.seconds(90)),
      // If the execution is stopped meanwhile, the intent remains.
      onSending: (intent) =>
        Effect.sync(() => {
          started = memory.begin(key, { _tag: "Sending", intent })
        }),
      onSubmitted: (submitted) =>
        Effect.sync(() => {
          memory.spend(submitted.cost)
          noteJob(item, submitted)
          if (started !== undefined) started.progress = { _tag: "Started", submission: submitted }
        }),
    })
    .pipe(
      Effect.tapError((error) =>
        Effect.sync(() => {
          if (error._tag === "DryRunCharged") {
            // The job is charged, and another dry run would be charged again.
            memory.begin(key, { _tag: "Started", submission: toSubmission(error.job, error.cost) })
            return
          }
          if (started === undefined) return
          if (error._tag === "SubmitUncertain") started.progress = { _tag: "Uncertain", error }
          else if (error._tag !== "CallbackFailed" || error.job === undefined) memory.forget(started)
        }),
      ),
    )
  return { submission, started }
})

/**
 * The job of an earlier attempt's request. After a lost response it searches again, because the job may be listed by now.
 * `undefined` if the request was certainly not accepted.
 */
const takeOver = Effect.fnUntraced(function* (item: Item, started: StartedRequest) {
  const { progress } = started
  if (progress._tag === "Started") {
    noteJob(item, progress.submission)
    return progress.submission
  }
  const intent = progress._tag === "Sending" ? progress.intent : progress.error.intent
  const generations = yield* Generations
  const { submission, candidates, isComplete } = yield* generations.reconcile(intent)
  if (submission !== undefined) {
    started.progress = { _tag: "Started", submission }
    noteJob(item, submission)
    return submission
  }
  // It was interrupted, probably before it was sent: its job would be listed by now.
  if (progress._tag === "Sending" && isComplete && candidates.length === 0) {
    item.memory.forget(started)
    return undefined
  }
  const reason = progress._tag === "Sending" ? "it was stopped before it was answered" : progress.error.reason
  const error = new SubmitUncertain({ intent, reason, candidates })
  started.progress = { _tag: "Uncertain", error }
  return yield* error
})

/** Whether the job itself was not found, and not one of its assets. */
const isAboutJob = (error: ItemError, { jobId }: JobRef): boolean =>
  error._tag === "ApiError" && error.reason._tag === "NotFound" && error.request.endsWith(`/jobs/${jobId}`)

const noteJob = (item: Item, { job }: Submission): void => {
  item.jobId = job.jobId
  recordJob(item.host, job.jobId)
}

const toSubmission = (
  job: JobRef,
  cost: number | undefined,
  snapshot?: Submission["snapshot"],
): Submission => ({
  job,
  cost,
  inlineResult: undefined,
  asset: undefined,
  snapshot,
})

/** Submits, waits, resolves, and downloads for one item. */
export const generateItem = Effect.fn("generateItem")(function* (item: Item, request: GenerationRequest) {
  const { submission, started } = yield* submitOnce(item, request)
  return yield* finishItem(item, submission, request.inputs).pipe(
    Effect.tap(() => Effect.sync(() => started && (started.isFinished = true))),
    Effect.tapError((error) =>
      Effect.sync(() => {
        const hasEnded = error._tag === "JobFailed" || error._tag === "JobCanceled"
        if (hasEnded && started !== undefined) item.memory.forget(started)
      }),
    ),
    Effect.mapError((error) =>
      isAboutJob(error, submission.job) ? new JobVanished({ jobId: submission.job.jobId }) : error,
    ),
    catchUnfinished(item),
  )
})

export const startItem = Effect.fn("startItem")(function* (item: Item, request: GenerationRequest) {
  const { submission, started } = yield* submitOnce(item, request)
  if (started !== undefined) started.isFinished = true
  return submission
})

export const waitForItem = Effect.fn("waitForItem")(function* (item: Item, job: JobRef) {
  item.jobId = job.jobId
  const jobs = yield* Jobs
  // Costs one request if the job has already ended.
  const snapshot = yield* jobs.get(job)
  return yield* finishItem(item, toSubmission(job, snapshot.cost, snapshot), snapshot.input).pipe(
    catchUnfinished(item),
  )
})

/** Waits, resolves, and downloads. `inputs` fill the fields of file names. */
const finishItem = Effect.fnUntraced(function* (item: Item, submission: Submission, inputs: unknown) {
  const stopAtApproval = item.options.onApproval === "return"
  const generated = yield* resume(submission, { timeout: getTimeout(item), stopAtApproval })
  return yield* toGeneratedItems(item, generated, inputs)
})

/** Returns the unfinished job as an item instead of failing, if the options say so. */
const catchUnfinished =
  (item: Item) =>
  <A, E extends { readonly _tag: string }, R>(
    work: Effect.Effect<ReadonlyArray<A>, E | WaitTimedOut, R>,
  ): Effect.Effect<ReadonlyArray<A | ItemResult>, E | WaitTimedOut, R | Jobs> =>
    Effect.catchIf(
      work,
      (error): error is WaitTimedOut => isWaitTimedOut(error) && returnsUnfinished(item, error),
      (error) => Effect.map(toUnfinished(error), (result) => [result]),
    )

const isWaitTimedOut = (error: { readonly _tag: string }): error is WaitTimedOut =>
  error._tag === "WaitTimedOut"

const returnsUnfinished = ({ options }: Item, error: WaitTimedOut): boolean =>
  options.onTimeout === "return" || (options.onApproval === "return" && needsApproval(error))

const needsApproval = ({ awaitingApproval }: WaitTimedOut): boolean => (awaitingApproval?.length ?? 0) > 0

const toUnfinished = Effect.fnUntraced(function* (error: WaitTimedOut) {
  const { job, lastStatus, progress, awaitingApproval } = error
  const result: ItemResult = {
    json: toPlainJson({
      jobId: job.jobId,
      status: lastStatus ?? "unknown",
      isFinished: false,
      progress,
      awaitingApproval,
      assetIds: needsApproval(error) ? yield* listAssetsSoFar(job) : undefined,
      submittedAt: job.submittedAt,
      modelId: job.modelId,
      note: describeError(error),
    }),
  }
  return result
})

/** The assets of a workflow's finished steps, the newest last: what a person looks at to approve the next step. */
const listAssetsSoFar = (job: JobRef) =>
  Jobs.use((jobs) => jobs.get(job)).pipe(
    Effect.map(({ steps }) => steps.flatMap(({ assetIds }) => assetIds)),
    Effect.orElseSucceed(() => undefined),
  )
