import { Predicate } from "effect"
import type { Asset } from "./api/Asset.ts"
import type { Job, JobRef } from "./api/Job.ts"
import { EmptyResult } from "./errors.ts"

/** What a job has come to. */
interface Result {
  readonly job: JobRef
  readonly assets: ReadonlyArray<Asset>
  readonly output: Readonly<Record<string, unknown>> | undefined
  readonly cost?: number | undefined
  readonly snapshot: Job | undefined
}

/** The error in which a job ends that has succeeded without anything to use; `undefined` if there is something. */
export const findEmptyResult = ({ job, assets, output, cost, snapshot }: Result): EmptyResult | undefined => {
  if (assets.length > 0 || holdsSomething(output)) return undefined
  if (snapshot === undefined || hasResultElsewhere(snapshot)) return undefined
  return new EmptyResult({ job, cost: cost ?? snapshot.cost, reason: snapshot.error ?? snapshot.hint })
}

/**
 * Jobs that make no file: those that give text (some give it in the response to the submit only), and those that train,
 * bring in or pack files. Any other type makes one, also a type that is unknown today.
 */
const makesNoFile =
  /^(caption|caption-llava|describe-style|embed|generate-prompt|translate|segment|upload|assets-download|model-download|model-import|.*training)$/

/** The results of a workflow can be those of its steps. */
const hasResultElsewhere = ({ jobType, steps }: Job): boolean =>
  makesNoFile.test(jobType) || steps.some(({ assetIds, jobId }) => assetIds.length > 0 || jobId !== undefined)

const holdsSomething = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(holdsSomething)
  if (Predicate.isObject(value)) return Object.values(value).some(holdsSomething)
  return value !== undefined && value !== null && value !== ""
}
