import type { Job } from "../api/Job.ts"
import { findStepsAwaitingApproval } from "../api/jobStatus.ts"
import { getRunStart } from "../durations/jobDuration.ts"

/** What a wait keeps of a poll: a tenth of the job. */
export interface JobState {
  readonly status: string
  readonly progress: number | undefined
  /** Polls in a row before this one that had shown the same progress. */
  readonly unchangedPolls: number
  /** From its submission to the start of work on it, milliseconds; `undefined` while it is queued, and if unknown. */
  readonly queuedMs: number | undefined
  readonly jobType: string
  /** The steps of a workflow that wait for an approval. */
  readonly pendingApprovals: ReadonlyArray<string>
  /** Changes when there is something new to report; empty if the listener only wants the end. */
  readonly fingerprint: string
}

export const toJobState = (job: Job, before: JobState | undefined, isWatched: boolean): JobState => ({
  // A literal, and not one more copy of it from every response.
  status: job.status === "in-progress" ? "in-progress" : job.status,
  progress: job.progress,
  unchangedPolls: before !== undefined && before.progress === job.progress ? before.unchangedPolls + 1 : 0,
  queuedMs: getQueuedMs(job),
  jobType: job.jobType === "custom" ? "custom" : job.jobType,
  pendingApprovals:
    job.steps.length === 0 ? noApprovals : findStepsAwaitingApproval(job).map((step) => step.stepId),
  fingerprint: isWatched ? [job.status, job.progress, ...job.steps.map((step) => step.status)].join(" ") : "",
})

const getQueuedMs = (job: Job): number | undefined => {
  const queuedMs = (getRunStart(job) ?? Number.NaN) - Date.parse(job.createdAt ?? "")
  return Number.isNaN(queuedMs) ? undefined : queuedMs
}

/** One for all: most jobs have no steps, and ten thousand may be waited for. */
const noApprovals: ReadonlyArray<string> = []
