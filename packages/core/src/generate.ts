import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Asset, toLinkedAsset } from "./api/Asset.ts"
import type { IpDetection } from "./api/IpDetection.ts"
import { defaultResolveTimeout, defaultWaitTimeout } from "./defaults.ts"
import type { Job, JobOrId, JobRef } from "./api/Job.ts"
import { lacksResult } from "./api/jobStatus.ts"
import type { AssetsMissing, EmptyResult } from "./errors.ts"
import { DurationHistory } from "./durations/DurationHistory.ts"
import { findPrimary } from "./resolve/findPrimary.ts"
import { findEmptyResult } from "./findEmptyResult.ts"
import { type Deadline, deadlineIn, millisUntil } from "./monotonic.ts"
import { Assets, type ResolveOptions } from "./resolve/Assets.ts"
import type { GenerationRequest } from "./submit/GenerationRequest.ts"
import { Generations, type SubmitError } from "./submit/Generations.ts"
import type { SubmitOptions } from "./submit/SubmitOptions.ts"
import { addFee, type Submission } from "./submit/Submission.ts"
import { findOutcome, type FinishedJob } from "./watch/FinishedJob.ts"
import { Jobs, type WaitError, type WaitOptions } from "./watch/Jobs.ts"

/** With a `totalTimeout`, which covers the submit, the wait and the resolving of the assets. */
export interface GenerateOptions extends SubmitOptions, WaitOptions {}

/** A generation from its request to its assets. */
export interface Generated {
  readonly job: JobRef
  /** In the job's order, each with a fresh link. Empty if the result is `output`. */
  readonly assets: ReadonlyArray<Asset>
  /** The file that the job was run for, by `findPrimary`: not a thumbnail that a 3D model returns before its mesh. */
  readonly primary?: Asset | undefined
  /** The result of a generation that makes no asset: `{ prompts: […] }`, `{ translation }`, … */
  readonly output: Readonly<Record<string, unknown>> | undefined
  /** Compute units, if the API says; an IP detection included. */
  readonly cost: number | undefined
  /** What the IP detection found, if it was asked for. Its fee is part of `cost`. */
  readonly ipDetection?: IpDetection | undefined
  /** The job as it was last read; absent if the whole result came with the response to the submit. */
  readonly snapshot: Job | undefined
  /** The seed that this library chose, if it chose one: send it again for the same result. */
  readonly seed?: number | undefined
}

/** Everything in which the whole trip can end but success. */
export type GenerateError = SubmitError | WaitError | AssetsMissing | EmptyResult

/** The whole trip: submit, wait, resolve. `onSubmitted` receives the job before the wait begins. */
export const generate = Effect.fn("generate")(function* (
  request: GenerationRequest,
  options?: GenerateOptions,
) {
  const deadline = yield* deadlineIn(options?.totalTimeout ?? Infinity)
  const generations = yield* Generations
  const submission = yield* generations.submit(request, options)
  return yield* resumeUntil(deadline, submission, options)
})

/**
 * The rest of the trip: wait for a job, then resolve its assets. Takes an id, a `JobRef`, or a `Submission`, whose
 * immediate result is used instead of waiting.
 */
export const resume = Effect.fn("resume")((job: JobOrId | Submission, options?: WaitOptions) =>
  resumeUntil(Infinity, job, options),
)

const resumeUntil = Effect.fnUntraced(function* (
  deadline: Deadline,
  job: JobOrId | Submission,
  options?: WaitOptions,
) {
  const submission = isSubmission(job) ? job : undefined
  const immediate = submission && (yield* immediateResult(submission, deadline))
  const jobs = yield* Jobs
  const history = yield* DurationHistory
  const found =
    immediate ??
    (yield* collect(
      yield* jobs.waitFor(job, yield* withinDeadline(options, deadline, defaultWaitTimeout)),
      submission,
      deadline,
    ))
  const generated: Generated = {
    ...found,
    primary: findPrimary(found.assets, {
      outputKind: history.getOutput(found.job.modelId),
      jobType: found.snapshot?.jobType,
    }),
    ipDetection: submission?.ipDetection,
    seed: submission?.seed,
  }
  return generated
})

/** Options with a timeout that doesn't reach beyond the deadline. */
const withinDeadline = <O extends { readonly timeout?: Duration.Input | undefined }>(
  options: O | undefined,
  deadline: Deadline,
  otherwise: Duration.Input,
) =>
  Effect.map(millisUntil(deadline), (left) =>
    deadline === Infinity
      ? options
      : { ...options, timeout: Math.min(Duration.toMillis(options?.timeout ?? otherwise), left) },
  )

/** The results of a job that has succeeded. `EmptyResult` if it should have some and has not. */
const collect = Effect.fnUntraced(function* (
  finished: FinishedJob,
  submission: Submission | undefined,
  deadline: Deadline,
) {
  const assets = yield* Assets
  const options = yield* withinDeadline<ResolveOptions>(undefined, deadline, defaultResolveTimeout)
  const { job, output, snapshot } = finished
  const cost = addFee(finished.cost, submission?.ipDetection) ?? submission?.cost
  const linked = (snapshot.links ?? []).map((url, index) => toLinkedAsset(url, job.jobId, index))
  const generated: Generated = {
    job,
    assets: [...(yield* assets.resolve(finished, options)), ...linked],
    output,
    cost,
    snapshot,
  }
  const empty = findEmptyResult(generated)
  return empty === undefined ? generated : yield* empty
})

const isSubmission = (job: JobOrId | Submission): job is Submission =>
  typeof job === "object" && job !== null && "job" in job && "answer" in job

/** What the response to the submit already holds, or `undefined` if the job must be waited for. */
const immediateResult = Effect.fnUntraced(function* (submission: Submission, deadline: Deadline) {
  const { job, cost, answer, asset, snapshot } = submission
  // A list can show a success before its results: the job itself is asked then.
  const isBelieved = snapshot !== undefined && !lacksResult(snapshot)
  const ended = isBelieved ? yield* findOutcome(snapshot, job) : undefined
  if (answer !== undefined && (snapshot?.assetIds.length ?? 0) === 0) {
    const { _tag, ...output } = answer
    const generated: Generated = { job, assets: [], output, cost, snapshot }
    return generated
  }
  if (asset !== undefined && asset.status === "success" && asset.url !== "" && ended === undefined) {
    const generated: Generated = { job, assets: [asset], output: undefined, cost, snapshot }
    return generated
  }
  return ended === undefined ? undefined : yield* collect(ended, submission, deadline)
})
