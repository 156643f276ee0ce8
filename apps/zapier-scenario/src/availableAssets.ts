import type { AssetsMissing, Job, JobRef } from "@scenario-automation/core"
import type { GenerationState } from "./outputs/generationOutput.ts"
import { describeMissingFiles } from "./outputs/unfinished.ts"

/** A job with some files missing: the available files, and a message that names the missing ones. */
export const keepAvailableAssets = (
  { assets, assetIds, isRetryable }: AssetsMissing,
  job: JobRef,
  snapshot: Job | undefined,
): GenerationState => ({
  job,
  snapshot,
  generated: { assets, output: snapshot?.output },
  isIncomplete: isRetryable,
  message: describeMissingFiles(job.jobId, assetIds, assets.length + assetIds.length),
})
