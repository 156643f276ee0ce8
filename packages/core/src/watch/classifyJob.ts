import type { Job, JobStatus, JobStep } from "../api/Job.ts"

/** What a status means for somebody who waits. */
export type JobOutcome = "waiting" | "succeeded" | "failed" | "canceled"

/**
 * Total: a status that is unknown today is one to keep waiting on. Beside the three final statuses of the API
 * (`success`, `failure`, `canceled`) it knows the spellings that Scenario's own plugins have met.
 */
export const classifyJob = (job: { readonly status: JobStatus }): JobOutcome =>
  finalStatuses.get(job.status) ?? "waiting"

const finalStatuses: ReadonlyMap<string, JobOutcome> = new Map([
  ["success", "succeeded"],
  ["succeeded", "succeeded"],
  ["completed", "succeeded"],
  ["failure", "failed"],
  ["failed", "failed"],
  ["canceled", "canceled"],
  ["cancelled", "canceled"],
])

/**
 * The steps of a workflow that stand still until somebody approves or selects: those of a `user-…` type that have
 * been reached, which a pending one is when every step before it is through.
 */
export const stepsAwaitingApproval = (job: Job): ReadonlyArray<JobStep> => {
  if (classifyJob(job) !== "waiting") return []
  return job.steps.filter((step, index) => {
    if (!step.type.startsWith("user-")) return false
    if (step.status === "processing") return true
    return step.status === "pending" && job.steps.slice(0, index).every((before) => isThrough(before.status))
  })
}

const isThrough = (status: string): boolean => ["success", "skipped"].includes(status)
