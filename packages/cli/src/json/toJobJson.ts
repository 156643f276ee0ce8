import type { Job, JobRef } from "@scenario-automation/core"

/**
 * A job as every command prints it with `--json`: core's `JobRef`, so that the library can read it, and of core's `Job` whatever is known.
 */
export const toJobJson = (
  job: JobRef,
  snapshot: Job | undefined,
  known: Pick<Partial<Job>, "status" | "cost"> = {},
): Readonly<Record<string, unknown>> => ({
  ...snapshot,
  jobId: job.jobId,
  status: known.status ?? snapshot?.status,
  cost: known.cost ?? snapshot?.cost,
  modelId: job.modelId ?? snapshot?.modelId,
  workflowId: job.workflowId ?? snapshot?.workflowId,
  submittedAt: job.submittedAt ?? snapshot?.createdAt,
})
