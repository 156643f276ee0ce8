import { checkText, checkId } from "../checkArguments.ts"
import type { JobRef } from "../api/Job.ts"
import type { CallRecord } from "./CallRecord.ts"
import { refuse } from "./checkOptions.ts"

/** Records the job that a call waits for. Throws `InvalidInput` as `noteJob` does. */
export const noteAwaitedJob = (record: CallRecord, job: unknown): void => {
  noteJob(record, job)
  record.isJobAwaited = true
}

/** Records the job of a call. Throws `InvalidInput` if the value isn't a job's ID or reference, and doesn't carry one. */
export const noteJob = (record: CallRecord, job: unknown): void => {
  const reference = isObject(job) && !("jobId" in job) ? Reflect.get(job, "job") : job
  const jobId: unknown = isObject(reference) ? Reflect.get(reference, "jobId") : reference
  refuse(isObject(reference) ? checkText("job", jobId) : checkId("job", jobId))
  if (typeof jobId === "string") record.job = { jobId, ...(isObject(reference) ? readRest(reference) : {}) }
}

const readRest = (reference: object): Omit<JobRef, "jobId"> =>
  Object.fromEntries(
    ["submittedAt", "modelId", "workflowId"].flatMap((name) => {
      const value: unknown = Reflect.get(reference, name)
      return typeof value === "string" ? [[name, value]] : []
    }),
  )

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null
