import type { Job } from "../api/Job.ts"
import { stepsAwaitingApproval } from "./classifyJob.ts"
import { startOf } from "./jobDuration.ts"

/** What a wait keeps of a look: a tenth of the job. */
export interface Glimpse {
  readonly status: string
  readonly progress: number | undefined
  /** By Scenario's clock, epoch milliseconds; NaN where unknown. */
  readonly createdAt: number
  /** When work on it began, likewise; `undefined` while it is queued. */
  readonly startedAt: number | undefined
  readonly modelId: string | undefined
  readonly jobType: string
  /** The steps of a workflow that wait for somebody's approval. */
  readonly standing: ReadonlyArray<string>
  /** Differs whenever there is something new to tell. */
  readonly change: string
}

export const glimpseOf = (job: Job): Glimpse => ({
  status: job.status,
  progress: job.progress,
  createdAt: Date.parse(job.createdAt ?? ""),
  startedAt: startOf(job),
  modelId: job.modelId,
  jobType: job.jobType,
  standing: job.steps.length === 0 ? nobodyStands : stepsAwaitingApproval(job).map((step) => step.stepId),
  change: [job.status, job.progress, ...job.steps.map((step) => step.status)].join(" "),
})

/** One for all: most jobs have no steps, and there may be ten thousand. */
const nobodyStands: ReadonlyArray<string> = []
