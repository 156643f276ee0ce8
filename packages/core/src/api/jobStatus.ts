// Packages that only show jobs import this file by itself, so it loads nothing else of the library.
import type { Job, JobStatus, JobStep } from "./Job.ts"

/** What a status means to a caller that waits. */
export type JobOutcome = "waiting" | "succeeded" | "failed" | "canceled"

/** How far a job is. `unknown` is a status that this library doesn't know; the job counts as running. */
export type JobPhase = "queued" | "running" | "unknown" | Exclude<JobOutcome, "waiting">

/**
 * Known statuses, as lower-case letters: the eight that the API documents, and the spellings of Scenario's own plugins, older
 * documentation, and comparable APIs.
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

/** The phase of a status, in any case and spelling. */
export const getJobPhase = (status: JobStatus): JobPhase =>
  phases.get(status) ?? phases.get(status.toLowerCase().replaceAll(/[^a-z]/g, "")) ?? "unknown"

/** An unknown status means that the job is still running. */
export const classifyJob = (job: { readonly status: JobStatus }): JobOutcome => {
  const phase = getJobPhase(job.status)
  return phase === "succeeded" || phase === "failed" || phase === "canceled" ? phase : "waiting"
}

/**
 * Finds the steps of a workflow that wait until a person approves or selects: those of a `user-…` type that the run has
 * reached. It has reached a pending step once all steps before it are done.
 */
export const findStepsAwaitingApproval = (job: Job): ReadonlyArray<JobStep> => {
  if (classifyJob(job) !== "waiting") return []
  return job.steps.filter((step, index) => {
    if (!step.type.startsWith("user-")) return false
    const phase = getJobPhase(step.status)
    if (phase === "running") return true
    return phase === "queued" && job.steps.slice(0, index).every((before) => isDone(before.status))
  })
}

const isDone = (status: string): boolean => status === "skipped" || getJobPhase(status) === "succeeded"
