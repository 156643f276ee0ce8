import type { Asset } from "./api/Asset.ts"
import { hasContent, mustNameResult } from "./api/emptyResult.ts"
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
  if (assets.length > 0 || hasContent(output)) return undefined
  if (snapshot === undefined || !mustNameResult(snapshot)) return undefined
  return new EmptyResult({ job, cost: cost ?? snapshot.cost, reason: snapshot.error ?? snapshot.hint })
}
