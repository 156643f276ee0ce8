import { Effect } from "effect"
import type { Asset } from "./api/Asset.ts"
import type { Job, JobOrId, JobRef } from "./api/Job.ts"
import type { AssetsMissing } from "./errors.ts"
import { Assets } from "./resolve/Assets.ts"
import type { GenerationRequest } from "./submit/GenerationRequest.ts"
import { Generations, type SubmitError } from "./submit/Generations.ts"
import type { SubmitOptions } from "./submit/SubmitOptions.ts"
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
  /** The job as it was last read; absent if the whole result came with the response to the submit. */
  readonly snapshot: Job | undefined
  /** The seed that this library chose, if it chose one: send it again for the same result. */
  readonly seed?: number | undefined
}

/** Everything in which the whole trip can end but success. */
export type GenerateError = SubmitError | WaitError | AssetsMissing

/** The whole trip: submit, wait, resolve. `onSubmitted` receives the job before the wait begins. */
export const generate = Effect.fn("generate")(function* (
  request: GenerationRequest,
  options?: GenerateOptions,
) {
  const generations = yield* Generations
  const submission = yield* generations.submit(request, options)
  return yield* resume(submission, options)
})

/**
 * The rest of the trip: wait for a job, then resolve its assets. Takes an id, a `JobRef`, or a `Submission`, whose
 * immediate result is used instead of waiting.
 */
export const resume = Effect.fn("resume")(function* (job: JobOrId | Submission, options?: WaitOptions) {
  const submission = isSubmission(job) ? job : undefined
  const immediate = submission && (yield* immediateResult(submission))
  if (immediate !== undefined) return { ...immediate, seed: submission?.seed }
  const jobs = yield* Jobs
  const assets = yield* Assets
  const finished = yield* jobs.waitFor(job, options)
  const generated: Generated = {
    job: finished.job,
    assets: yield* assets.resolve(finished),
    output: finished.output,
    cost: finished.cost ?? submission?.cost,
    snapshot: finished.snapshot,
    seed: submission?.seed,
  }
  return generated
})

const isSubmission = (job: JobOrId | Submission): job is Submission =>
  typeof job === "object" && "job" in job && "answer" in job

/** What the response to the submit already holds, or `undefined` if the job must be waited for. */
const immediateResult = Effect.fnUntraced(function* ({ job, cost, answer, asset, snapshot }: Submission) {
  const ended = snapshot === undefined ? undefined : yield* endOf(snapshot, job)
  if (answer !== undefined && (snapshot?.assetIds.length ?? 0) === 0) {
    const { _tag, ...output } = answer
    const generated: Generated = { job, assets: [], output, cost, snapshot }
    return generated
  }
  if (asset !== undefined && asset.status === "success" && asset.url !== "" && ended === undefined) {
    const generated: Generated = { job, assets: [asset], output: undefined, cost, snapshot }
    return generated
  }
  if (ended === undefined) return undefined
  const generated: Generated = {
    job: ended.job,
    assets: yield* (yield* Assets).resolve(ended),
    output: ended.output,
    cost: ended.cost ?? cost,
    snapshot: ended.snapshot,
  }
  return generated
})
