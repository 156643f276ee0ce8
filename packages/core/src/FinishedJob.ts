import * as Effect from "effect/Effect"
import { type Job, type JobRef, toJobRef } from "./api/Job.ts"
import { classifyJob } from "./api/jobStatus.ts"
import { JobCanceled, JobFailed } from "./errors.ts"

/** A job that has succeeded. */
export interface FinishedJob {
  readonly job: JobRef
  /** In the job's own order; empty if its result is in `output`. */
  readonly assetIds: ReadonlyArray<string>
  /** The result of a job that makes no asset. */
  readonly output: Readonly<Record<string, unknown>> | undefined
  /** Compute units, if the API says. */
  readonly cost: number | undefined
  /** The job as the last poll showed it. */
  readonly snapshot: Job
}

/** The finished job, `undefined` while it runs, or the error in which it has ended. */
export const findOutcome = (
  snapshot: Job,
  known: JobRef,
): Effect.Effect<FinishedJob | undefined, JobFailed | JobCanceled> => {
  const job: JobRef = { ...toJobRef(snapshot, known), jobId: known.jobId }
  switch (classifyJob(snapshot)) {
    case "waiting":
      return Effect.succeed(undefined)
    case "succeeded":
      return Effect.succeed({
        job,
        assetIds: snapshot.assetIds,
        output: snapshot.output,
        cost: snapshot.cost,
        snapshot,
      })
    case "failed":
      return Effect.fail(
        new JobFailed({
          job,
          reason: snapshot.error ?? "Scenario gives no reason",
          hint: snapshot.hint,
          reimbursed: snapshot.refundDisabled === undefined ? undefined : !snapshot.refundDisabled,
        }),
      )
    case "canceled":
      return Effect.fail(new JobCanceled({ job }))
  }
}
