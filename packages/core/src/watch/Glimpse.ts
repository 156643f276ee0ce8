import type { Job, JobRef } from "../api/Job.ts"
import { stepsAwaitingApproval } from "./classifyJob.ts"
import { startOf } from "./jobDuration.ts"

/** What a wait keeps of a look: a tenth of the job. */
export interface Glimpse {
  readonly status: string
  readonly progress: number | undefined
  /** Looks in a row before this one that had shown the same progress. */
  readonly standstill: number
  /** When work on it began, by Scenario's clock, epoch milliseconds; `undefined` while it is queued. */
  readonly startedAt: number | undefined
  readonly modelId: string | undefined
  readonly workflowId: string | undefined
  readonly jobType: string
  /** The steps of a workflow that wait for somebody's approval. */
  readonly standing: ReadonlyArray<string>
  /** Differs whenever there is something new to tell; empty for whoever is told nothing. */
  readonly change: string
}

export const glimpseOf = (
  job: Job,
  known: JobRef,
  before: Glimpse | undefined,
  isTold: boolean,
): Glimpse => ({
  // A literal, and not one more copy of it from every answer; likewise the model's id.
  status: job.status === "in-progress" ? "in-progress" : job.status,
  progress: job.progress,
  standstill: before !== undefined && before.progress === job.progress ? before.standstill + 1 : 0,
  startedAt: startOf(job),
  modelId: job.modelId === known.modelId ? known.modelId : job.modelId,
  workflowId: job.workflowId,
  jobType: job.jobType,
  standing: job.steps.length === 0 ? nobodyStands : stepsAwaitingApproval(job).map((step) => step.stepId),
  change: isTold ? [job.status, job.progress, ...job.steps.map((step) => step.status)].join(" ") : "",
})

/** One for all: most jobs have no steps, and there may be ten thousand. */
const nobodyStands: ReadonlyArray<string> = []
