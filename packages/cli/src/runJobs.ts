import type {
  Asset,
  Assets,
  DurationHistory,
  Downloads,
  Generated,
  JobRef,
  JobUpdate,
  ScenarioError,
  Submission,
  SubmitWait,
} from "@scenario-automation/core"
import { type NameTemplate, save, type SavedFile } from "@scenario-automation/core/node"
import { Effect } from "effect"
import { type DeadlineFailure, type RunDeadline, withinDeadline } from "./deadline.ts"
import type { DeliveredAsset, Delivery } from "./Delivery.ts"
import { type Display, openDisplay, type Track } from "./display/Display.ts"
import { type Failure, getHeadline, type KnownJob, toFailure } from "./Failure.ts"
import { type RunState, toInterruptFailure } from "./interruption.ts"
import type { Outcome } from "./Outcome.ts"
import { setExplanation } from "./signals.ts"

/** A generation to run until its files are saved. */
export interface JobRun<R> {
  /** For the display: what the user typed, or the job's ID. */
  readonly title: string
  /** The job, if it was submitted earlier. */
  readonly jobId?: string | undefined
  readonly deadline?: RunDeadline | undefined
  readonly run: (callbacks: Callbacks) => Effect.Effect<Generated, ScenarioError, R>
}

/** Which files are saved, and in which folder. */
export interface Saving {
  readonly out: string
  /** Whether to save the files as they were made, without the CDN's transformation. */
  readonly original?: boolean
}

/** What a run reports. */
export interface Callbacks {
  /** Called with true when the submit is sent, and with false when it is refused. */
  readonly onMaybeAccepted: (isUncertain: boolean) => void
  readonly onWaiting: (wait: SubmitWait) => Effect.Effect<void>
  readonly onSubmitted: (submission: Submission) => Effect.Effect<void>
  readonly onUpdate: (update: JobUpdate) => Effect.Effect<void>
}

/**
 * Runs generations at the same time, shows them on stderr, and saves their files. If one fails, the others continue. If a signal
 * ends them, `onInterrupted` is called with the state of each.
 */
export const runJobs = <R>(
  runs: ReadonlyArray<JobRun<R>>,
  saving: Saving,
  onInterrupted: (outcomes: ReadonlyArray<Outcome>) => Effect.Effect<void>,
): Effect.Effect<ReadonlyArray<Outcome>, never, R | Assets | Downloads | DurationHistory> => {
  const progress = runs.map((run) => new RunProgress(run.jobId))
  return Effect.gen(function* () {
    setExplanation(() => Effect.runSync(onInterrupted(progress.map((one) => one.getOutcome()))))
    const display = yield* openDisplay(process.stderr, process.env)
    return yield* Effect.forEach(
      runs,
      (run, index) => runJob(run, display, saving, progress[index] ?? new RunProgress(run.jobId)),
      { concurrency: "unbounded" },
    )
  }).pipe(Effect.scoped)
}

/** The state of a run, read when a signal ends it. */
class RunProgress {
  outcome: Outcome | undefined
  readonly state: RunState

  constructor(jobId: string | undefined) {
    this.state = { stage: jobId === undefined ? "unsubmitted" : "waiting", jobId, files: 0, saved: [] }
  }

  getOutcome(): Outcome {
    return this.outcome ?? { _tag: "Failed", failure: toInterruptFailure(this.state) }
  }
}

const runJob = Effect.fnUntraced(function* <R>(
  run: JobRun<R>,
  display: Display,
  saving: Saving,
  progress: RunProgress,
) {
  const track = yield* display.track(run.title)
  const { state } = progress
  const isOurs = run.jobId === undefined
  const callbacks: Callbacks = {
    onMaybeAccepted: (isUncertain) => {
      state.stage = isUncertain ? "uncertain" : "unsubmitted"
    },
    onWaiting: (wait) => track.waiting(wait),
    onSubmitted: ({ job, cost }) =>
      Effect.suspend(() => {
        state.stage = "waiting"
        state.jobId = job.jobId
        return track.submitted(job, cost)
      }),
    onUpdate: (update) =>
      Effect.suspend(() => {
        if (update._tag === "JobSucceeded") state.stage = "saving"
        return track.updated(update)
      }),
  }
  const saveAll = (generated: Generated) =>
    Effect.suspend(() => {
      state.stage = "saving"
      state.jobId = generated.job.jobId
      state.files = generated.assets.length
      return deliver(generated, saving.out, track, {
        original: saving.original,
        onSaved: (file) => state.saved.push(file.path),
      })
    })
  const delivery = run.run(callbacks).pipe(
    Effect.flatMap(saveAll),
    // The other assets were paid for: they are saved before the command fails.
    Effect.catchTag("AssetsMissing", (error) =>
      error.job === undefined || error.assets.length === 0
        ? Effect.fail(error)
        : Effect.andThen(saveAll(toPartial(error.job, error.assets)), Effect.fail(error)),
    ),
  )
  const outcome = yield* withinDeadline(delivery, run.deadline, () => state).pipe(
    Effect.map((delivery): Outcome => ({ _tag: "Delivered", delivery })),
    Effect.catch((error: ScenarioError | DeadlineFailure) => {
      const { jobId } = state
      const known: KnownJob | undefined = jobId === undefined ? undefined : { jobId, isOurs }
      const failure = withSaved("failure" in error ? error.failure : toFailure(error, known), state.saved)
      const failed: Outcome = { _tag: "Failed", failure }
      return Effect.as(track.failed(getHeadline(failure), failure.message), failed)
    }),
  )
  progress.outcome = outcome
  return outcome
})

const toPartial = (job: JobRef, assets: ReadonlyArray<Asset>): Generated => ({
  job,
  assets,
  output: undefined,
  cost: undefined,
  snapshot: undefined,
})

const withSaved = (failure: Failure, saved: ReadonlyArray<string>): Failure =>
  saved.length === 0 ? failure : { ...failure, saved }

interface DeliverOptions {
  readonly nameTemplate?: NameTemplate
  readonly original?: boolean | undefined
  readonly onSaved?: (file: SavedFile) => void
}

/** Saves the files of a generation, and shows their progress. If one fails, the others are still saved. */
export const deliver = Effect.fnUntraced(function* (
  generated: Generated,
  out: string,
  track: Track,
  { nameTemplate, original, onSaved }: DeliverOptions = {},
) {
  const { job, assets, cost } = generated
  const received = new Map<string, number>()
  const totals = new Map(assets.map(({ assetId, bytes }) => [assetId, bytes ?? 0]))
  const results = yield* Effect.forEach(
    assets,
    (asset, index) =>
      Effect.map(
        save(asset, out, {
          jobId: job.jobId,
          index: index + 1,
          nameTemplate,
          rendition: original === true ? "original" : "file",
          onProgress: (bytes, total) => {
            received.set(asset.assetId, bytes)
            if (total !== undefined) totals.set(asset.assetId, total)
            track.downloading(assets.length, sum(received), sum(totals))
          },
        }),
        (file): DeliveredAsset => {
          onSaved?.(file)
          return { asset, file }
        },
      ).pipe(Effect.result),
    // Core limits how many files are downloaded at once.
    { concurrency: "unbounded" },
  )
  const delivered = yield* Effect.forEach(results, Effect.fromResult)
  yield* track.delivered(
    delivered.map(({ file }) => file),
    cost,
  )
  const delivery: Delivery = { ...generated, assets: delivered }
  return delivery
})

const sum = (amounts: ReadonlyMap<string, number>): number =>
  [...amounts.values()].reduce((total, amount) => total + amount, 0)
