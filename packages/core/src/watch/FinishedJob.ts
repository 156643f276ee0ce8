import { Effect } from "effect"
import { type Job, type JobRef, jobRefOf } from "../api/Job.ts"
import { JobCanceled, JobFailed } from "../errors.ts"
import { classifyJob } from "./classifyJob.ts"

/** A job that has succeeded. */
export interface FinishedJob {
  readonly job: JobRef
  /** In the job's own order; empty where its result is in `output`. */
  readonly assetIds: ReadonlyArray<string>
  /** The result of a job that makes no asset. */
  readonly output: Readonly<Record<string, unknown>> | undefined
  /** Compute units, where the API says. */
  readonly cost: number | undefined
  /** The last look. */
  readonly snapshot: Job
}

/** The finished job, nothing while it runs, or the error in which it has ended. */
export const endOf = (
  snapshot: Job,
  known: JobRef,
): Effect.Effect<FinishedJob | undefined, JobFailed | JobCanceled> => {
  const job: JobRef = { ...jobRefOf(snapshot, known), jobId: known.jobId }
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
          reimbursed: !snapshot.refundDisabled,
        }),
      )
    case "canceled":
      return Effect.fail(new JobCanceled({ job }))
  }
}
