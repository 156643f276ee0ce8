import type { Job, JobStatus, JobStep } from "./Job.ts"

/** What a status means for a caller that waits. */
export type JobOutcome = "waiting" | "succeeded" | "failed" | "canceled"

/** The progress of a job through its stages. `unknown`: a status that this library doesn't know; the job counts as running. */
export type JobPhase = "queued" | "running" | "unknown" | Exclude<JobOutcome, "waiting">

/**
 * Every status that means something here, by its letters in lower case. Beside the eight that the API documents it
 * holds the spellings that Scenario's own plugins, older documentation, and comparable APIs use.
 */
const phases: ReadonlyMap<string, JobPhase> = new Map([
  ...["pending", "queued", "warmingup"].map((status) => [status, "queued"] as const),
  ...["inprogress", "processing", "running", "finalizing"].map((status) => [status, "running"] as const),
  ...["success", "succeeded", "successful", "complete", "completed", "done"].map(
    (status) => [status, "succeeded"] as const,
  ),
  ...["failure", "failed", "error", "errored", "expired", "timeout", "timedout"].map(
    (status) => [status, "failed"] as const,
  ),
  ...["canceled", "cancelled"].map((status) => [status, "canceled"] as const),
])

/** The phase of a status, in any spelling of the table and in any case. */
export const getJobPhase = (status: JobStatus): JobPhase =>
  phases.get(status) ?? phases.get(status.toLowerCase().replaceAll(/[^a-z]/g, "")) ?? "unknown"

/** Total: a status that is unknown today is one to keep waiting on. */
export const classifyJob = (job: { readonly status: JobStatus }): JobOutcome => {
  const phase = getJobPhase(job.status)
  return phase === "succeeded" || phase === "failed" || phase === "canceled" ? phase : "waiting"
}

/**
 * Whether a job says that it has succeeded but shows no result. A list can show a job so for a moment, or leave results
 * out: read the job by itself before you believe it.
 */
export const lacksResult = (job: Pick<Job, "status" | "assetIds" | "output">): boolean =>
  classifyJob(job) === "succeeded" && job.assetIds.length === 0 && job.output === undefined

/**
 * The steps of a workflow that wait until a person approves or selects: those of a `user-..` type that the run has
 * reached. A pending step is reached when every step before it is through.
 */
export const findStepsAwaitingApproval = (job: Job): ReadonlyArray<JobStep> => {
  if (classifyJob(job) !== "waiting") return []
  return job.steps.filter((step, index) => {
    if (!step.type.startsWith("user-")) return false
    const phase = getJobPhase(step.status)
    if (phase === "running") return true
    return phase === "queued" && job.steps.slice(0, index).every((before) => isThrough(before.status))
  })
}

const isThrough = (status: string): boolean => status === "skipped" || getJobPhase(status) === "succeeded"
