import { Clock, Context, Duration, Effect, Layer, Metric, Queue, Random, Result, Stream } from "effect"
import { type Job, type JobOrId, readJobAnswer, toJobRef } from "../api/Job.ts"
import type { ApiError, JobCanceled, JobFailed, WaitTimedOut } from "../errors.ts"
import { retryRead } from "../http/RetryPolicy.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { classifyJob, stepsAwaitingApproval } from "./classifyJob.ts"
import { DurationHistory } from "./DurationHistory.ts"
import { endOf, type FinishedJob } from "./FinishedJob.ts"
import { JobWatcher } from "./JobWatcher.ts"
import type { JobUpdate } from "./JobUpdate.ts"
import { delayOf, endsWait, isTimeUp, longestPossible, shortestLookMs, timedOut, type Wait } from "./Wait.ts"

/** How long a wait lasts unless told otherwise. */
export const defaultWaitTimeout: Duration.Duration = Duration.minutes(30)

export interface WaitOptions {
  /** Default 30 minutes. When it is up the job still runs: `WaitTimedOut` carries it. */
  readonly timeout?: Duration.Input | undefined
  /** Called on change only. */
  readonly onUpdate?: ((update: JobUpdate) => Effect.Effect<void>) | undefined
}

/** `not-permitted`: this kind of job cannot be canceled; it goes on, and is billed. */
export type CancelOutcome = "canceled" | "already-finished" | "not-permitted"

/** Everything in which a wait can end but success. */
export type WaitError = WaitTimedOut | JobFailed | JobCanceled | ApiError

const endedWaits = Metric.counter("scenario_waits", { description: "Waits that have ended, by outcome" })

/** The jobs of the account: look, watch, wait, cancel. */
export class Jobs extends Context.Service<
  Jobs,
  {
    /** One look, repeated where it fails for a passing reason. */
    look(job: JobOrId): Effect.Effect<Job, ApiError>
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
  static readonly layer: Layer.Layer<Jobs, never, JobWatcher | ScenarioHttp | DurationHistory> = Layer.effect(
    Jobs,
    Effect.gen(function* () {
      const watcher = yield* JobWatcher
      const http = yield* ScenarioHttp
      const history = yield* DurationHistory

      const sleepUntilLook = Effect.fnUntraced(function* (wait: Wait) {
        const pace = watcher.paceFor({
          modelId: wait.seen?.modelId ?? wait.job.modelId,
          jobType: wait.seen?.jobType,
        })
        yield* Effect.sleep(
          delayOf(wait, pace, {
            now: yield* Clock.currentTimeMillis,
            serverNow: yield* http.serverTime,
            chance: yield* Random.next,
          }),
        )
      })

      /** The wait after one more look; a look that hangs into the deadline counts as none. */
      const lookOnce = Effect.fnUntraced(function* (wait: Wait) {
        const left = wait.deadline - (yield* Clock.currentTimeMillis)
        const looked = yield* watcher.look(wait.job.jobId).pipe(
          Effect.timeoutOrElse({
            duration: Math.max(shortestLookMs, left),
            orElse: () => Effect.succeed(wait.seen),
          }),
          Effect.result,
        )
        if (Result.isSuccess(looked)) {
          return { ...wait, looks: wait.looks + 1, seen: looked.success, failures: 0, trouble: undefined }
        }
        const failed: Wait = {
          ...wait,
          looks: wait.looks + 1,
          failures: wait.failures + 1,
          trouble: looked.failure,
        }
        return endsWait(failed, looked.failure) ? yield* looked.failure : failed
      })

      const waitFor = Effect.fn("Jobs.waitFor")(
        function* (jobOrId: JobOrId, options?: WaitOptions) {
          const known = toJobRef(jobOrId)
          yield* Effect.annotateCurrentSpan("scenario.job_id", known.jobId)
          yield* watcher.joinWaits
          const begunAt = yield* Clock.currentTimeMillis
          const timeoutMs = Duration.toMillis(
            Duration.fromInputUnsafe(options?.timeout ?? defaultWaitTimeout),
          )
          let wait: Wait = {
            job: known,
            begunAt,
            begunAtServer: yield* http.serverTime,
            deadline: begunAt + timeoutMs,
            looks: 0,
            seen: undefined,
            failures: 0,
            trouble: undefined,
          }
          let told: string | undefined
          while (!isTimeUp(wait, yield* Clock.currentTimeMillis)) {
            yield* sleepUntilLook(wait)
            wait = yield* lookOnce(wait)
            const seen = wait.seen
            if (seen === undefined || wait.trouble !== undefined) continue
            const update = updateOf(seen)
            if (options?.onUpdate !== undefined && update !== undefined && told !== changeKey(update)) {
              told = changeKey(update)
              yield* options.onUpdate(update)
            }
            const finished = yield* endOf(seen, known)
            if (finished === undefined) continue
            history.learn(seen, longestPossible(wait, yield* Clock.currentTimeMillis))
            return finished
          }
          return yield* timedOut(wait, yield* Clock.currentTimeMillis)
        },
        Effect.scoped,
        Effect.tap(() => countEnd("JobSucceeded")),
        Effect.tapError((error) => countEnd(error._tag)),
      )

      const look = Effect.fn("Jobs.look")((job: JobOrId) => retryRead(watcher.look(toJobRef(job).jobId)))

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
        const seen = Result.isSuccess(asked) ? asked.success : yield* look(jobId)
        const outcome = classifyJob(seen)
        if (outcome === "canceled") return "canceled"
        if (outcome !== "waiting") return "already-finished"
        // The reply to an accepted cancel may still say `in-progress`.
        return isRefused ? "not-permitted" : "canceled"
      })

      return Jobs.of({
        look,
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

const countEnd = (outcome: string) => Metric.update(Metric.withAttributes(endedWaits, { outcome }), 1)

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

const changeKey = (update: JobUpdate): string =>
  JSON.stringify([update.job.status, update.job.progress, update.job.steps.map((step) => step.status)])
