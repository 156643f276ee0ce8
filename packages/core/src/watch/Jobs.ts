import { Clock, Context, Duration, Effect, Exit, Layer, Metric, Option, Queue, Result, Stream } from "effect"
import { type Job, type JobOrId, type JobRef, readJobAnswer, toJobRef } from "../api/Job.ts"
import type { ApiError, JobCanceled, JobFailed, WaitTimedOut } from "../errors.ts"
import { retryRead } from "../http/RetryPolicy.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { classifyJob, stepsAwaitingApproval } from "./classifyJob.ts"
import { endOf, type FinishedJob } from "./FinishedJob.ts"
import { JobWatcher } from "./JobWatcher.ts"
import type { JobUpdate } from "./JobUpdate.ts"
import type { News, Wait } from "./Wait.ts"

/** How long a wait lasts unless told otherwise. */
export const defaultWaitTimeout: Duration.Duration = Duration.minutes(30)

export interface WaitOptions {
  /** Default 30 minutes. When it is up the job still runs: `WaitTimedOut` carries it. */
  readonly timeout?: Duration.Input | undefined
  /** Called on change only. */
  readonly onUpdate?: TellUpdate | undefined
  /**
   * Ends the wait as soon as a workflow stands still until somebody approves or selects: in `WaitTimedOut`, whose
   * `awaitingApproval` names the steps. For a caller within whose time nobody can. Default false.
   */
  readonly stopAtApproval?: boolean | undefined
}

type TellUpdate = (update: JobUpdate) => Effect.Effect<void>

/** `not-permitted`: this kind of job cannot be canceled; it goes on, and is billed. */
export type CancelOutcome = "canceled" | "already-finished" | "not-permitted"

/** Everything in which a wait can end but success. */
export type WaitError = WaitTimedOut | JobFailed | JobCanceled | ApiError

const endedWaits = Metric.counter("scenario_waits", { description: "Waits that have ended, by outcome" })

/** The jobs of the account: look, watch, wait, cancel. */
export class Jobs extends Context.Service<
  Jobs,
  {
    /** Reads a job once; retried if it fails for a passing reason. */
    get(job: JobOrId): Effect.Effect<Job, ApiError>
    /** What changes at a job until it has succeeded; its other endings are errors. */
    watch(job: JobOrId, options?: Pick<WaitOptions, "timeout">): Stream.Stream<JobUpdate, WaitError>
    /**
     * Waits until a job has succeeded. Interrupting it stops the wait, never the job. Looks that fail for a passing
     * reason are repeated until the time is up; a job that stays unknown ends it with `NotFound`.
     */
    waitFor(job: JobOrId, options?: WaitOptions): Effect.Effect<FinishedJob, WaitError>
    /** Asks Scenario to stop a job. Best effort: today only inference jobs can be stopped. */
    cancel(job: JobOrId): Effect.Effect<CancelOutcome, ApiError>
  }
>()("@scenario-automation/core/Jobs") {
  static readonly layer: Layer.Layer<Jobs, never, JobWatcher | ScenarioHttp> = Layer.effect(
    Jobs,
    Effect.gen(function* () {
      const watcher = yield* JobWatcher
      const http = yield* ScenarioHttp

      /** Hears of a wait until its job has succeeded. */
      const follow = Effect.fnUntraced(function* (wait: Wait, known: JobRef, options: WaitOptions) {
        while (true) {
          const seen = yield* wait.hear()
          const update = updateOf(seen)
          if (update !== undefined) yield* options.onUpdate?.(update) ?? Effect.void
          if (update?._tag === "JobAwaitsApproval" && options.stopAtApproval === true) {
            return yield* wait.timedOut(yield* Clock.currentTimeMillis)
          }
          const finished = yield* endOf(seen, known)
          if (finished !== undefined) return finished
        }
      })

      // Where nobody is told, a wait has no generator, no span and no continuation: thousands may wait at once.
      const waitFor = (
        jobOrId: JobOrId,
        options: WaitOptions = {},
      ): Effect.Effect<FinishedJob, WaitError> => {
        const known = toJobRef(jobOrId)
        const timeoutMs = Duration.toMillis(Duration.fromInputUnsafe(options.timeout ?? defaultWaitTimeout))
        return options.onUpdate === undefined && options.stopAtApproval !== true
          ? watcher.waitForEnd(known, timeoutMs, lastNews)
          : waitAndTell(known, timeoutMs, options)
      }

      const waitAndTell = (known: JobRef, timeoutMs: number, options: WaitOptions) =>
        Effect.acquireUseRelease(
          watcher.begin(known, timeoutMs),
          (wait) => follow(wait, known, options),
          (wait) => watcher.leave(wait),
        ).pipe(
          Effect.withSpan("Jobs.waitFor", { attributes: { "scenario.job_id": known.jobId } }),
          Effect.onExit(countEnd),
        )

      const get = Effect.fn("Jobs.get")((job: JobOrId) => retryRead(watcher.look(toJobRef(job).jobId)))

      const cancel = Effect.fn("Jobs.cancel")(function* (job: JobOrId) {
        const jobId = toJobRef(job).jobId
        const asked = yield* Effect.result(
          http.callFor(
            {
              method: "POST",
              path: `/jobs/${encodeURIComponent(jobId)}/action`,
              body: { action: "cancel" },
              jobId,
              // Canceling twice does what canceling once does.
              isRepeatable: true,
            },
            readJobAnswer,
          ),
        )
        // Custom jobs answer 400 "Cannot cancel this type of job"; a job that has just ended may answer so too.
        const isRefused = Result.isFailure(asked) && asked.failure.reason._tag === "Rejected"
        if (Result.isFailure(asked) && !isRefused) return yield* asked.failure
        const seen = Result.isSuccess(asked) ? asked.success : yield* get(jobId)
        const outcome = classifyJob(seen)
        if (outcome === "canceled") return "canceled"
        if (outcome !== "waiting") return "already-finished"
        // The reply to an accepted cancel may still say `in-progress`.
        return isRefused ? "not-permitted" : "canceled"
      })

      return Jobs.of({
        get,
        waitFor,
        cancel,
        watch: (job, options) =>
          Stream.callback<JobUpdate, WaitError>((queue) =>
            waitFor(job, {
              ...options,
              onUpdate: (update) => Effect.asVoid(Queue.offer(queue, update)),
            }).pipe(
              Effect.matchCauseEffect({
                onSuccess: () => Queue.end(queue),
                onFailure: (cause) => Queue.failCause(queue, cause),
              }),
            ),
          ),
      })
    }),
  )
}

/** An interrupted wait has not ended: the job goes on, and may be waited for again. */
const countEnd = (exit: Exit.Exit<FinishedJob, WaitError>) => {
  const error = Exit.findErrorOption(exit)
  if (Exit.isFailure(exit) && Option.isNone(error)) return Effect.void
  const outcome = Option.isSome(error) ? error.value._tag : "JobSucceeded"
  return Metric.update(Metric.withAttributes(endedWaits, { outcome }), 1)
}

const lastNews = (news: News, known: JobRef): Effect.Effect<FinishedJob, WaitError> =>
  Effect.flatMap(news, (seen) => endOf(seen, known)).pipe(
    Effect.flatMap((finished) =>
      finished === undefined
        ? Effect.die(new Error("a wait ended before its job"))
        : Effect.succeed(finished),
    ),
    Effect.onExit(countEnd),
  )

const updateOf = (job: Job): JobUpdate | undefined => {
  const outcome = classifyJob(job)
  if (outcome === "succeeded") return { _tag: "JobSucceeded", job }
  if (outcome !== "waiting") return undefined
  const standing = stepsAwaitingApproval(job)
  if (standing.length > 0) return { _tag: "JobAwaitsApproval", job, steps: standing }
  return ["pending", "queued", "warming-up"].includes(job.status)
    ? { _tag: "JobQueued", job }
    : { _tag: "JobProgressed", job, progress: job.progress }
}
