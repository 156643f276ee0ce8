import {
  resume,
  type GenerationRequest,
  Generations,
  type JobRef,
  Jobs,
  type Submission,
  SubmitUncertain,
  type WaitTimedOut,
} from "@scenario-automation/core"
import { Duration, Effect } from "effect"
import type { Item } from "./Item.ts"
import type { ItemResult } from "./Operation.ts"
import { generatedItems } from "./output/generatedItems.ts"
import { plainJson } from "./output/plainJson.ts"
import { numberOf } from "./values.ts"

const defaultMinutes = 30

/** How long an item may take. */
const timeoutOf = (item: Item): Duration.Duration =>
  Duration.minutes(numberOf(item.option("timeoutMinutes")) ?? defaultMinutes)

/** Submits, or takes up what an earlier attempt of the same run has submitted. */
export const submitOnce = Effect.fn("submitOnce")(function* (item: Item, request: GenerationRequest) {
  const { attempt } = item
  const key = keyOf(item, request)
  const known = item.option("reuseStartedJob") === false ? undefined : attempt.find(key)
  if (known !== undefined && !("job" in known)) return yield* searchAgain(item, known, key)
  if (known !== undefined) {
    item.jobId = known.job.jobId
    return known
  }
  const generations = yield* Generations
  return yield* generations
    .submit(request, {
      maxCost: numberOf(item.option("maxCost")),
      // Items beyond what the plan lets run at once stand in line for as long as the others may take.
      queueTimeout: timeoutOf(item),
      onSubmitted: (submission) =>
        Effect.sync(() => {
          item.jobId = submission.job.jobId
          attempt.keep(key, submission)
        }),
    })
    .pipe(
      Effect.tapError((error) =>
        Effect.sync(() => {
          // Whether it was paid is open: a retry must not simply submit again.
          if (error._tag === "SubmitUncertain") attempt.keep(key, error)
        }),
      ),
    )
})

/** An earlier attempt lost its response: its job may be listed by now. Submitting again could be charged twice. */
const searchAgain = Effect.fnUntraced(function* (item: Item, uncertain: SubmitUncertain, key: string) {
  const generations = yield* Generations
  const { submission, candidates } = yield* generations.reconcile(uncertain.intent)
  if (submission === undefined) {
    const { intent, reason } = uncertain
    return yield* new SubmitUncertain({ intent, reason, candidates })
  }
  item.jobId = submission.job.jobId
  item.attempt.keep(key, submission)
  return submission
})

/** The whole trip of one item: submit, wait, resolve, download. */
export const generateItem = Effect.fn("generateItem")(function* (item: Item, request: GenerationRequest) {
  const submission = yield* submitOnce(item, request)
  return yield* finishItem(item, submission, keyOf(item, request))
})

/** The rest of the trip, from a submission on. */
const finishItem = (item: Item, submission: Submission, key: string) =>
  Effect.gen(function* () {
    const generated = yield* resume(submission, { timeout: timeoutOf(item) })
    const items = yield* generatedItems(item, generated)
    item.attempt.finish(key)
    return items
  }).pipe(
    Effect.tapError((error) =>
      Effect.sync(() => {
        if (error._tag === "JobFailed" || error._tag === "JobCanceled") item.attempt.forget(key)
      }),
    ),
    Effect.catchTag("WaitTimedOut", (error) =>
      item.option("whenTimeIsUp") === "return" ? Effect.succeed([unfinished(error)]) : Effect.fail(error),
    ),
  )

/** Waits for a job that is known by its id alone. */
export const waitForItem = Effect.fn("waitForItem")(function* (item: Item, job: JobRef) {
  item.jobId = job.jobId
  const jobs = yield* Jobs
  // A job that has ended long ago is told by one look.
  const snapshot = yield* jobs.get(job)
  return yield* finishItem(
    item,
    { job, cost: snapshot.cost, answer: undefined, asset: undefined, snapshot },
    job.jobId,
  )
})

const unfinished = ({ job, lastStatus, progress, awaitingApproval, message }: WaitTimedOut): ItemResult => ({
  json: plainJson({
    jobId: job.jobId,
    status: lastStatus ?? "unknown",
    isFinished: false,
    progress,
    awaitingApproval,
    submittedAt: job.submittedAt,
    modelId: job.modelId,
    note: message,
  }),
})

/** Files count by name and size: their bytes are the item's own, and the item is part of the key. */
const keyOf = ({ index }: Item, request: GenerationRequest): string =>
  `${index} ${JSON.stringify(request, (_, value: unknown) => (value instanceof Uint8Array ? value.length : value))}`
