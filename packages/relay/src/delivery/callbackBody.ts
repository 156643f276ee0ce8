import type { Callback, CallbackAsset, JobResult } from "@scenario-automation/relay-contract"
import type { StoredJob, StoredWait } from "../storage/StoredWait.ts"

/** What is posted when a wait has ended. */
export const toCallback = (
  wait: StoredWait,
  assets: ReadonlyMap<string, ReadonlyArray<CallbackAsset>> = new Map(),
): Callback => ({
  type: `wait.${wait.outcome ?? "failed"}`,
  timestamp: new Date(wait.endedAt ?? wait.createdAt).toISOString(),
  data: {
    ...toCommonData(wait),
    jobs: wait.jobs.map((job) => {
      const found = assets.get(job.jobId)
      return found === undefined ? toJobResult(job) : { ...toJobResult(job), assets: found }
    }),
    ...(wait.problem === undefined ? {} : { problem: wait.problem }),
  },
})

/** What is posted when a job has progressed. */
export const toProgressCallback = (
  wait: StoredWait,
  jobs: ReadonlyArray<JobResult>,
  now: number,
): Callback => ({
  type: "wait.progressed",
  timestamp: new Date(now).toISOString(),
  data: { ...toCommonData(wait), jobs },
})

const toCommonData = ({ waitId, accountId, options }: StoredWait) => ({
  waitId,
  accountId,
  ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
})

/** A job as clients see it, without what only the relay needs. */
export const toJobResult = ({
  submittedAt: _submittedAt,
  modelId: _modelId,
  workflowId: _workflowId,
  ...result
}: StoredJob): JobResult => result
