import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { readJobRef, decodeJobRef } from "../api/decodeJobRef.ts"
import { type Job, type JobOrId, type JobRef, readJobResponse } from "../api/Job.ts"
import { classifyJob, findStepsAwaitingApproval, getJobPhase } from "../api/jobStatus.ts"
import { makeValueIssue } from "../InputIssue.ts"
import { defaultWaitTimeout } from "../defaults.ts"
import { type ApiError, InvalidInput, type JobCanceled, type JobFailed, WaitTimedOut } from "../errors.ts"
import { retryRead } from "../http/RetryPolicy.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { type Deadline, monotonicMillis } from "../utils/monotonic.ts"
import { annotateSpan, toAttributes } from "../tracing.ts"
import { Ceilings } from "../submit/Ceilings.ts"
import { isSubmission } from "../submit/Submission.ts"
import { pollFrequency } from "./pollFrequency.ts"
import { findOutcome, type FinishedJob } from "../FinishedJob.ts"
import { JobWatcher } from "./JobWatcher.ts"
import type { JobUpdate } from "./JobUpdate.ts"
import type { Wait } from "./Wait.ts"
import type { WaitEvent } from "./WaitEvent.ts"

export interface WaitOptions {
  /** Default 30 minutes. After it the job still runs: `WaitTimedOut` carries it. A number is in milliseconds. */
  readonly timeout?: Duration.Input | undefined
  /** Called on change only. It is awaited, at most until the timeout. Default: none. */
  readonly onUpdate?: ((update: JobUpdate) => Effect.Effect<void>) | undefined
  /**
   * Ends the wait as soon as a workflow waits until a person approves or selects: with `WaitTimedOut`, whose
   * `awaitingApproval` names the steps. For callers that can't wait for a person. Default false.
   */
  readonly stopAtApproval?: boolean | undefined
}

/**
 * The result of a request to cancel. `canceled`: Scenario shows the job as canceled. `requested`: Scenario has accepted
 * the request, and the job still runs. `already-finished`: it had ended before. `not-permitted`: this kind of job can't be
 * canceled; it continues, and is charged.
 */
export type CancelOutcome = "canceled" | "requested" | "already-finished" | "not-permitted"

/** All errors that a wait can end with. */
export type WaitError = WaitTimedOut | JobFailed | JobCanceled | ApiError | InvalidInput

const endedWaits = Metric.counter("scenario_waits", { description: "Waits that have ended, by outcome" })

/** The jobs of the account: get, watch, wait, cancel. */
export class Jobs extends Context.Service<
  Jobs,
  {
    /** Reads a job once. A temporary failure is retried. */
    get(job: JobOrId): Effect.Effect<Job, ApiError | InvalidInput>
    /**
     * The changes of a job until it succeeds; any other end is an error.
     *
     * @example
     * ```ts
     * const jobs = yield* Jobs
     * yield* Stream.runForEach(jobs.watch("job_1"), (update) => Effect.log(update._tag))
     * ```
     */
    watch(job: JobOrId, options?: Pick<WaitOptions, "timeout">): Stream.Stream<JobUpdate, WaitError>
    /**
     * Waits until a job has succeeded. Interrupting it stops the wait, never the job. Polls that fail temporarily are repeated
     * until the timeout; a job that stays unknown ends it with `NotFound`.
     *
     * @example
     * ```ts
     * const jobs = yield* Jobs
     * const { assetIds } = yield* jobs.waitFor("job_1", { timeout: "10 minutes" })
     * ```
     */
    waitFor(job: JobOrId, options?: WaitOptions): Effect.Effect<FinishedJob, WaitError>
    /** Asks Scenario to stop a job. Best effort: today only inference jobs can be stopped. */
    cancel(job: JobOrId): Effect.Effect<CancelOutcome, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Jobs") {
  /** @internal */
  static readonly layer: Layer.Layer<Jobs, never, JobWatcher | ScenarioHttp | Ceilings> = Layer.effect(
    Jobs,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const watcher = yield* JobWatcher
  const http = yield* ScenarioHttp
  const ceilings = yield* Ceilings

  /** An interrupted wait has no outcome: the job continues, and can be waited for again. */
  const noteEnd = (exit: Exit.Exit<FinishedJob, WaitError>) => {
    const error = Option.getOrUndefined(Exit.findErrorOption(exit))
    if (Exit.isFailure(exit) && error === undefined) return Effect.void
    if (Exit.isSuccess(exit)) ceilings.noteEnd(exit.value.job)
    else if (error?._tag === "JobFailed" || error?._tag === "JobCanceled") ceilings.noteEnd(error.job)
    return countEnd(error?._tag ?? "JobSucceeded")
  }

  const onLastEvent = (event: WaitEvent, job: JobRef): Effect.Effect<FinishedJob, WaitError> =>
    endWith(event, job).pipe(
      Effect.flatMap((finished) =>
        finished === undefined
          ? Effect.die(new Error("a wait ended before its job"))
          : Effect.succeed(finished),
      ),
      Effect.onExit(noteEnd),
    )

  const get = Effect.fn("scenario.jobs.get")(function* (job: JobOrId) {
    const { jobId } = yield* decodeJobRef(job)
    return yield* retryRead(watcher.poll(jobId))
  })

  // Without a listener and a tracer, a wait has no generator, span, or continuation: there may be thousands.
  const waitFor = (jobOrId: JobOrId, options: WaitOptions = {}): Effect.Effect<FinishedJob, WaitError> =>
    Effect.withFiber((fiber) => {
      const job = readJobRef(jobOrId)
      if (job instanceof InvalidInput) return Effect.fail(toUnreadable(jobOrId) ?? job)
      const timeoutMs = readTimeout(options.timeout)
      if (timeoutMs instanceof InvalidInput) return Effect.fail(timeoutMs)
      const wait =
        options.onUpdate === undefined && options.stopAtApproval !== true
          ? watcher.waitForEnd(job, timeoutMs, onLastEvent)
          : waitAndReport(job, timeoutMs, options)
      return fiber.cache.tracer === undefined ? wait : traceWait(job, wait)
    })

  const waitAndReport = (job: JobRef, timeoutMs: number, options: WaitOptions) =>
    Effect.acquireUseRelease(
      watcher.begin(job, timeoutMs),
      (wait) => follow(wait, options),
      (wait) => watcher.leave(wait),
    ).pipe(Effect.onExit(noteEnd))

  const watch = (job: JobOrId, options?: Pick<WaitOptions, "timeout">) =>
    // A reader that is slower than the job gets the latest change, not each one that it has missed.
    Stream.callback<JobUpdate, WaitError>(
      (queue) =>
        waitFor(job, { ...options, onUpdate: (update) => Effect.asVoid(Queue.offer(queue, update)) }).pipe(
          Effect.matchCauseEffect({
            onSuccess: () => Queue.end(queue),
            onFailure: (cause) => Queue.failCause(queue, cause),
          }),
        ),
      { bufferSize: 16, strategy: "suspend" },
    )

  const cancel = Effect.fn("scenario.jobs.cancel")(function* (job: JobOrId) {
    const { jobId } = yield* decodeJobRef(job)
    const requested = yield* Effect.result(
      http.callFor(
        {
          method: "POST",
          path: `/jobs/${encodeURIComponent(jobId)}/action`,
          body: { action: "cancel" },
          jobId,
          purpose: "cancel",
          // A cancel can be repeated safely.
          isRepeatable: true,
        },
        readJobResponse,
      ),
    )
    // The API rejects it with 400 "Cannot cancel this type of job" for custom jobs, and perhaps for a job that has just ended.
    const isRefused = Result.isFailure(requested) && requested.failure.reason._tag === "Rejected"
    if (Result.isFailure(requested) && !isRefused) return yield* requested.failure
    const snapshot = Result.isSuccess(requested) ? requested.success : yield* get(jobId)
    const outcome = classifyJob(snapshot)
    if (outcome === "canceled") return "canceled"
    if (outcome !== "waiting") return "already-finished"
    return isRefused ? "not-permitted" : "requested"
  })

  return Jobs.of({ get, watch, waitFor, cancel })
})

/** A job that was just submitted, and paid, is never `InvalidInput`, not even if no request can name its ID. */
const toUnreadable = (jobOrId: JobOrId): WaitTimedOut | undefined => {
  if (!isSubmission(jobOrId) || typeof jobOrId.job.jobId !== "string") return undefined
  const { jobId } = jobOrId.job
  return new WaitTimedOut({
    job: { jobId },
    waitedMs: 0,
    lastError: `its ID, ${JSON.stringify(jobId)}, can't be part of a request`,
  })
}

/** Milliseconds. A value that isn't a duration would make a wait that ends at once, or never. */
const readTimeout = (timeout: Duration.Input = defaultWaitTimeout): number | InvalidInput => {
  const duration = Number.isNaN(timeout) ? Option.none() : Duration.fromInput(timeout)
  if (Option.isSome(duration)) return Duration.toMillis(duration.value)
  return new InvalidInput({
    issues: [
      makeValueIssue(
        "timeout",
        "a duration, such as '10 minutes'",
        JSON.stringify(timeout) ?? typeof timeout,
      ),
    ],
  })
}

const traceWait = <E>(job: JobRef, wait: Effect.Effect<FinishedJob, E>): Effect.Effect<FinishedJob, E> =>
  wait.pipe(
    Effect.tap(({ cost, snapshot }) =>
      annotateSpan({ "scenario.job.status": snapshot.status, "scenario.cost": cost }),
    ),
    Effect.withSpan("scenario.wait", {
      attributes: toAttributes({
        "scenario.job.id": job.jobId,
        "scenario.model.id": job.modelId,
        "scenario.workflow.id": job.workflowId,
      }),
    }),
  )

/** Reports the events of a wait until its job has succeeded. */
const follow = Effect.fnUntraced(function* (wait: Wait, options: WaitOptions) {
  while (true) {
    const event = yield* wait.next()
    if (event._tag === "JobChanged") {
      const update = toUpdate(event.job)
      if (update !== undefined && options.onUpdate !== undefined) {
        yield* callUntil(wait.deadline, options.onUpdate(update))
      }
      if (update?._tag === "JobAwaitsApproval" && options.stopAtApproval === true) {
        const waitedMs = Math.round((yield* monotonicMillis) - wait.begunAt)
        return yield* toTimedOut(
          { _tag: "TimedOut", waitedMs, state: wait.state, error: wait.error },
          wait.job,
        )
      }
    }
    const finished = yield* endWith(event, wait.job)
    if (finished !== undefined) return finished
  }
})

/** A callback that doesn't end is abandoned at the deadline, when the wait has its last event. */
const callUntil = Effect.fnUntraced(function* (deadline: Deadline, callback: Effect.Effect<void>) {
  const left = deadline - (yield* monotonicMillis)
  yield* Effect.timeoutOption(callback, Math.max(left, pollFrequency.lastPoll.minMs))
})

/** The finished job, `undefined` while it runs, or the error in which the wait has ended. */
const endWith = (event: WaitEvent, job: JobRef): Effect.Effect<FinishedJob | undefined, WaitError> => {
  switch (event._tag) {
    case "JobChanged":
      return findOutcome(event.job, job)
    case "PollFailed":
      return Effect.fail(event.error)
    case "TimedOut":
      return Effect.fail(toTimedOut(event, job))
    case "Defect":
      return Effect.die(event.defect)
  }
}

const toTimedOut = (
  { waitedMs, state, error }: Extract<WaitEvent, { readonly _tag: "TimedOut" }>,
  job: JobRef,
): WaitTimedOut =>
  new WaitTimedOut({
    job,
    lastStatus: state?.status,
    progress: state?.progress,
    waitedMs,
    awaitingApproval:
      state === undefined || state.pendingApprovals.length === 0 ? undefined : state.pendingApprovals,
    lastError: error?.message,
  })

const countEnd = (outcome: string) => Metric.update(Metric.withAttributes(endedWaits, { outcome }), 1)

const toUpdate = (job: Job): JobUpdate | undefined => {
  const outcome = classifyJob(job)
  if (outcome === "succeeded") return { _tag: "JobSucceeded", job }
  if (outcome !== "waiting") return undefined
  const steps = findStepsAwaitingApproval(job)
  if (steps.length > 0) return { _tag: "JobAwaitsApproval", job, steps }
  return getJobPhase(job.status) === "queued"
    ? { _tag: "JobQueued", job }
    : { _tag: "JobProgressed", job, progress: job.progress }
}
