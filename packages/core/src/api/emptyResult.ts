import * as Predicate from "effect/Predicate"
import type { Job } from "./Job.ts"

/**
 * Jobs that make no file: those that give text (some give it in the response to the submit only), and those that train,
 * bring in or pack files. Any other type makes one, also a type that is unknown today.
 */
const makesNoFile =
  /^(caption|caption-llava|describe-style|embed|generate-prompt|translate|segment|upload|assets-download|model-download|model-import|.*training)$/

/** Whether a job of this kind must name a file or another result. The results of a workflow can be those of its steps. */
export const mustNameResult = ({ jobType, steps }: Pick<Job, "jobType" | "steps">): boolean =>
  !makesNoFile.test(jobType) &&
  !steps.some(({ assetIds, jobId }) => assetIds.length > 0 || jobId !== undefined)

/** Whether there is anything to use in a value: in a job's `output`, say. */
export const holdsSomething = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(holdsSomething)
  if (Predicate.isObject(value)) return Object.values(value).some(holdsSomething)
  return value !== undefined && value !== null && value !== ""
}

/** Whether a job names nothing that can be used, though it must once it has succeeded. */
export const lacksExpectedResult = (job: Job): boolean =>
  job.assetIds.length === 0 &&
  (job.links ?? []).length === 0 &&
  !holdsSomething(job.output) &&
  mustNameResult(job)
