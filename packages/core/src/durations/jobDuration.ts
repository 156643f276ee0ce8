import type { Job } from "../api/Job.ts"
import { classifyJob, getJobPhase } from "../api/jobStatus.ts"

/** How long one job took, in milliseconds. */
export interface JobDuration {
  /** From its submission to its end. */
  readonly totalMs: number
  /** From the moment that work on it began, if its history says. */
  readonly runMs: number | undefined
}

/** A job that seems to have taken longer than a day has wrong dates, or waited for an approval. */
const maxDurationMs = 86_400_000

/** When work on a job began, by Scenario's clock, in epoch milliseconds; `undefined` while it is queued. */
export const getRunStart = (job: Pick<Job, "statusHistory">): number | undefined => {
  const date = Date.parse(
    job.statusHistory.find((change) => getJobPhase(change.status) === "running")?.date ?? "",
  )
  return Number.isNaN(date) ? undefined : date
}

/** How long a succeeded job took by Scenario's own dates; `undefined` for any other, and if its dates are missing. */
export const getJobDuration = (job: Job): JobDuration | undefined => {
  if (classifyJob(job) !== "succeeded") return undefined
  const end = Date.parse(
    job.statusHistory.findLast((change) => classifyJob(change) === "succeeded")?.date ?? job.updatedAt ?? "",
  )
  const totalMs = end - Date.parse(job.createdAt ?? "")
  if (!(totalMs > 0 && totalMs <= maxDurationMs)) return undefined
  const runMs = end - (getRunStart(job) ?? Number.NaN)
  return { totalMs, runMs: runMs > 0 && runMs <= totalMs ? runMs : undefined }
}
