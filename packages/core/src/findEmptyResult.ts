import type { Asset } from "./api/Asset.ts"
import { hasContent, mustNameResult } from "./api/emptyResult.ts"
import type { Job, JobRef } from "./api/Job.ts"
import { EmptyResult } from "./errors.ts"

/** The result of a job. */
export interface ResolvedJob {
  readonly job: JobRef
  readonly assets: ReadonlyArray<Asset>
  readonly output: Readonly<Record<string, unknown>> | undefined
  readonly cost?: number | undefined
  readonly snapshot: Job | undefined
}

/** The error of a job that succeeded without a result; `undefined` if it has one. */
export const findEmptyResult = ({
  job,
  assets,
  output,
  cost,
  snapshot,
}: ResolvedJob): EmptyResult | undefined => {
  if (assets.length > 0 || hasContent(output)) return undefined
  if (snapshot === undefined || !mustNameResult(snapshot)) return undefined
  return new EmptyResult({ job, cost: cost ?? snapshot.cost, reason: snapshot.error ?? snapshot.hint })
}
