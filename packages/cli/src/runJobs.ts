import type {
  Assets,
  DurationHistory,
  Downloads,
  Generated,
  JobUpdate,
  NameTemplate,
  ScenarioError,
  Submission,
} from "@scenario-automation/core"
import { save } from "@scenario-automation/core/node"
import { Effect } from "effect"
import { type DeadlineError, type RunDeadline, withinDeadline } from "./deadline.ts"
import type { DeliveredAsset, Delivery } from "./Delivery.ts"
import { type Display, openDisplay, type Track } from "./display/Display.ts"
import { getHeadline, type KnownJob, toFailure } from "./Failure.ts"
import { type RunState, toInterrupted } from "./interruption.ts"
import type { Outcome } from "./Outcome.ts"
import { setExplanation } from "./signals.ts"

/** One generation to run until its files are saved. */
export interface JobRun<R> {
  /** For the display: what was asked for, or the job's id. */
  readonly title: string
  /** The job, if it was submitted earlier. */
  readonly jobId?: string | undefined
  readonly deadline?: RunDeadline | undefined
  readonly run: (callbacks: Callbacks) => Effect.Effect<Generated, ScenarioError, R>
}

/** What a run reports on its way. */
export interface Callbacks {
  /** The submit is about to be sent. `isInDoubt`: whether it may have left without a response. */
  readonly onSending: (isInDoubt: () => boolean) => void
  readonly onSubmitted: (submission: Submission) => Effect.Effect<void>
  readonly onUpdate: (update: JobUpdate) => Effect.Effect<void>
}

/**
 * Runs several generations at once, shown on stderr, and saves their files in `out`. If one fails, the others continue. If
 * a signal ends them, `onInterrupted` gets how each of them stands.
 */
export const runJobs = <R>(
  runs: ReadonlyArray<JobRun<R>>,
  out: string,
  onInterrupted: (outcomes: ReadonlyArray<Outcome>) => Effect.Effect<void>,
): Effect.Effect<ReadonlyArray<Outcome>, never, R | Assets | Downloads | DurationHistory> => {
  const progress = runs.map((run) => new RunProgress(run.jobId))
  return Effect.gen(function* () {
    setExplanation(() => Effect.runSync(onInterrupted(progress.map((one) => one.getOutcome()))))
    const display = yield* openDisplay(process.stderr, process.env)
    return yield* Effect.forEach(
      runs,
      (run, index) => runJob(run, display, out, progress[index] ?? new RunProgress(run.jobId)),
      { concurrency: "unbounded" },
    )
  }).pipe(Effect.scoped)
}

/** How far a run is, for the case that a signal ends it. */
class RunProgress {
  outcome: Outcome | undefined
  isInDoubt = () => false
  readonly state: RunState

  constructor(jobId: string | undefined) {
    this.state = { stage: jobId === undefined ? "unsubmitted" : "waiting", jobId, files: 0, saved: 0 }
  }

  getOutcome(): Outcome {
    const { stage } = this.state
    const isUncertain = stage === "unsubmitted" && this.isInDoubt()
    return (
      this.outcome ?? {
        _tag: "Failed",
        failure: toInterrupted({ ...this.state, stage: isUncertain ? "uncertain" : stage }),
      }
    )
  }
}

const runJob = Effect.fnUntraced(function* <R>(
  run: JobRun<R>,
  display: Display,
  out: string,
  progress: RunProgress,
) {
  const track = yield* display.track(run.title)
  const { state } = progress
  const isOurs = run.jobId === undefined
  const callbacks: Callbacks = {
    onSending: (isInDoubt) => {
      progress.isInDoubt = isInDoubt
    },
    onSubmitted: ({ job, cost }) =>
      Effect.suspend(() => {
        state.stage = "waiting"
        state.jobId = job.jobId
        return track.submitted(job, cost)
      }),
    onUpdate: (update) =>
      Effect.suspend(() => {
        if (update._tag === "JobSucceeded") state.stage = "saving"
        return track.seen(update)
      }),
  }
  const generated = Effect.tap(run.run(callbacks), ({ job, assets }) =>
    Effect.sync(() => {
      Object.assign(state, { stage: "saving", jobId: job.jobId, files: assets.length })
    }),
  )
  const onSaved = () => {
    state.saved += 1
  }
  const delivery = Effect.flatMap(generated, (one) => deliver(one, out, track, undefined, onSaved))
  const outcome = yield* withinDeadline(delivery, run.deadline, () => state).pipe(
    Effect.map((delivery): Outcome => ({ _tag: "Delivered", delivery })),
    Effect.catch((error: ScenarioError | DeadlineError) => {
      const { jobId } = state
      const known: KnownJob | undefined = jobId === undefined ? undefined : { jobId, isOurs }
      const failure = "failure" in error ? error.failure : toFailure(error, known)
      const failed: Outcome = { _tag: "Failed", failure }
      return Effect.as(track.failed(getHeadline(failure), failure.message), failed)
    }),
  )
  progress.outcome = outcome
  return outcome
})

/** Saves what a generation has made, and shows how far the files are. */
export const deliver = Effect.fnUntraced(function* (
  generated: Generated,
  out: string,
  track: Track,
  nameTemplate?: NameTemplate,
  onSaved?: () => void,
) {
  const { job, assets, output, cost, snapshot } = generated
  const received = new Map<string, number>()
  const totals = new Map(assets.map(({ assetId, bytes }) => [assetId, bytes ?? 0]))
  const delivered = yield* Effect.forEach(
    assets,
    (asset, index) =>
      Effect.map(
        save(asset, out, {
          jobId: job.jobId,
          index: index + 1,
          nameTemplate,
          onProgress: (bytes, total) => {
            received.set(asset.assetId, bytes)
            if (total !== undefined) totals.set(asset.assetId, total)
            track.downloading(assets.length, sum(received), sum(totals))
          },
        }),
        (file): DeliveredAsset => {
          onSaved?.()
          return { asset, file }
        },
      ),
    // Core bounds how many files are read at once.
    { concurrency: "unbounded" },
  )
  yield* track.delivered(
    delivered.map(({ file }) => file),
    cost,
  )
  const delivery: Delivery = {
    job,
    status: snapshot?.status ?? "success",
    assets: delivered,
    output,
    cost,
    warning: snapshot?.error,
  }
  return delivery
})

const sum = (amounts: ReadonlyMap<string, number>): number =>
  [...amounts.values()].reduce((total, amount) => total + amount, 0)
