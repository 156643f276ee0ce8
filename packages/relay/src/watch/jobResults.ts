import { type FinishedJob, isScenarioError, type JobUpdate, type WaitError } from "@scenario-automation/core"
import { findEmptyResult } from "@scenario-automation/core/host"
import type { JobResult, Outcome, WaitProblem } from "@scenario-automation/relay-contract"
import type { StoredJob } from "../storage/StoredWait.ts"

/** How one job has ended, as the callback reports it. */
export interface JobEnd {
  readonly result: JobResult
  readonly outcome: Exclude<Outcome, "uncertain">
}

export const toFinishedEnd = ({ jobId }: StoredJob, finished: FinishedJob): JobEnd => {
  const empty = findEmptyResult({ ...finished, assets: [] })
  const isEmpty = finished.assetIds.length === 0 && empty !== undefined
  return {
    result: {
      jobId,
      status: finished.snapshot.status,
      assetIds: finished.assetIds,
      ...(finished.cost === undefined ? {} : { cost: finished.cost }),
      ...(isEmpty ? { error: toProblem(empty) } : {}),
    },
    outcome: isEmpty ? "failed" : "succeeded",
  }
}

export const toFailedEnd = ({ jobId }: StoredJob, error: WaitError): JobEnd => {
  const failed = { jobId, assetIds: [], error: toProblem(error) }
  switch (error._tag) {
    case "JobFailed":
      return { result: { ...failed, status: "failure" }, outcome: "failed" }
    case "JobCanceled":
      return { result: { ...failed, status: "canceled" }, outcome: "failed" }
    case "WaitTimedOut":
      return { result: { ...failed, status: error.lastStatus ?? "unknown" }, outcome: "expired" }
    case "ApiError":
    case "InvalidInput":
      return { result: { ...failed, status: "unknown" }, outcome: "failed" }
  }
}

export const toUpdateResult = ({ job }: JobUpdate): JobResult => ({
  jobId: job.jobId,
  status: job.status,
  ...(job.progress === undefined ? {} : { progress: job.progress }),
})

/** A wait has expired if a job hadn't ended; otherwise one failed job makes it a failure. */
export const combineOutcomes = (ends: ReadonlyArray<JobEnd>): JobEnd["outcome"] => {
  const outcomes = new Set(ends.map(({ outcome }) => outcome))
  if (outcomes.has("expired")) return "expired"
  return outcomes.has("failed") ? "failed" : "succeeded"
}

/** An error as clients see it. Core's messages end in what to do and hold no secret. */
export const toProblem = (error: unknown): WaitProblem =>
  isScenarioError(error)
    ? { code: error._tag, message: error.message, isRetryable: error.isRetryable }
    : {
        code: "RelayFailed",
        message:
          "The relay couldn't finish this wait because of a bug. Its log has the cause. Read the job from Scenario.",
        isRetryable: false,
      }
