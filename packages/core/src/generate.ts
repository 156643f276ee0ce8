import { Effect } from "effect"
import type { Asset } from "./api/Asset.ts"
import type { Job, JobRef } from "./api/Job.ts"
import type { AssetsMissing } from "./errors.ts"
import { Assets } from "./resolve/Assets.ts"
import type { GenerationRequest } from "./submit/GenerationRequest.ts"
import { Generations, type SubmitError, type SubmitOptions } from "./submit/Generations.ts"
import type { Submission } from "./submit/Submission.ts"
import { endOf } from "./watch/FinishedJob.ts"
import { Jobs, type WaitError, type WaitOptions } from "./watch/Jobs.ts"

export interface GenerateOptions extends SubmitOptions, WaitOptions {}

/** A generation from its request to its assets. */
export interface Generated {
  readonly job: JobRef
  /** In the job's order, each with a fresh link; none where the result is `output`. */
  readonly assets: ReadonlyArray<Asset>
  /** The result of a generation that makes no asset: `{ prompts: […] }`, `{ translation }`, … */
  readonly output: Readonly<Record<string, unknown>> | undefined
  /** Compute units, where the API says. */
  readonly cost: number | undefined
  /** The last look at the job; absent where the whole result came with the answer to the submit. */
  readonly seen: Job | undefined
}

/** Everything in which the whole trip can end but success. */
export type GenerateError = SubmitError | WaitError | AssetsMissing

/** The whole trip: submit, wait, resolve. `onSubmitted` has the job before the waiting begins. */
export const generate = Effect.fn("generate")(function* (
  request: GenerationRequest,
  options?: GenerateOptions,
) {
  const generations = yield* Generations
  const submission = yield* generations.submit(request, options)
  return yield* finish(submission, options)
})

/** The rest of the trip, from a submission on: what came at once is not waited for. */
export const finish = Effect.fn("finish")(function* (submission: Submission, options?: WaitOptions) {
  const { job, cost, answer, asset, seen } = submission
  const ended = seen === undefined ? undefined : yield* endOf(seen, job)
  if (answer !== undefined && (seen?.assetIds.length ?? 0) === 0) {
    const { _tag, ...output } = answer
    const generated: Generated = { job, assets: [], output, cost, seen }
    return generated
  }
  if (asset !== undefined && asset.status === "success" && asset.url !== "" && ended === undefined) {
    const generated: Generated = { job, assets: [asset], output: undefined, cost, seen }
    return generated
  }
  const jobs = yield* Jobs
  const assets = yield* Assets
  const finished = ended ?? (yield* jobs.waitFor(job, options))
  const generated: Generated = {
    job: finished.job,
    assets: yield* assets.resolve(finished),
    output: finished.output,
    cost: finished.cost ?? cost,
    seen: finished.seen,
  }
  return generated
})
