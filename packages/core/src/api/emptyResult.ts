import * as Predicate from "effect/Predicate"
import type { Job } from "./Job.ts"
import { classifyJob } from "./jobStatus.ts"

/**
 * Jobs that make no file: those that return text (some only in the response to the submit), and those that train, import,
 * or pack files. All other types make files, including unknown ones.
 */
const makesNoFile =
  /^(caption|caption-llava|describe-style|embed|generate-prompt|translate|segment|upload|assets-download|model-download|model-import|.*training)$/

/** Whether a job must name a result once it has succeeded. A workflow's results can be those of its steps. */
export const mustNameResult = ({ jobType, steps }: Pick<Job, "jobType" | "steps">): boolean =>
  !makesNoFile.test(jobType) &&
  !steps.some(({ assetIds, jobId }) => assetIds.length > 0 || jobId !== undefined)

/** Whether a value, such as a job's `output`, contains anything. */
export const hasContent = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(hasContent)
  if (Predicate.isObject(value)) return Object.values(value).some(hasContent)
  return value !== undefined && value !== null && value !== ""
}

/** Whether a job names no result, but must once it has succeeded. */
export const lacksExpectedResult = (job: Job): boolean =>
  job.assetIds.length === 0 &&
  (job.links ?? []).length === 0 &&
  !hasContent(job.output) &&
  mustNameResult(job)

/**
 * Whether a job has succeeded but shows no result. A list can show a job like this for a moment, or leave results out: read
 * the job by itself to be sure.
 */
export const lacksResult = (job: Pick<Job, "status" | "assetIds" | "output">): boolean =>
  classifyJob(job) === "succeeded" && job.assetIds.length === 0 && job.output === undefined
