import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Asset, toLinkedAsset } from "./api/Asset.ts"
import type { IpDetection } from "./api/IpDetection.ts"
import { defaultResolveTimeout, defaultWaitTimeout } from "./defaults.ts"
import type { Job, JobOrId, JobRef } from "./api/Job.ts"
import { readJobRef } from "./api/decodeJobRef.ts"
import { lacksResult } from "./api/emptyResult.ts"
import { type AssetsMissing, type EmptyResult, InvalidInput } from "./errors.ts"
import { DurationHistory } from "./durations/DurationHistory.ts"
import { findPrimary } from "./resolve/findPrimary.ts"
import { findEmptyResult } from "./findEmptyResult.ts"
import { type Deadline, deadlineIn, millisUntil } from "./utils/monotonic.ts"
import { Assets, type ResolveOptions } from "./resolve/Assets.ts"
import { describeTarget, type GenerationRequest } from "./submit/GenerationRequest.ts"
import { Generations, type SubmitError } from "./submit/Generations.ts"
import type { SubmitOptions } from "./submit/SubmitOptions.ts"
import { addFee, isSubmission, type Submission } from "./submit/Submission.ts"
import { annotateSpan } from "./tracing.ts"
import { findOutcome, type FinishedJob } from "./FinishedJob.ts"
import { Jobs, type WaitError, type WaitOptions } from "./watch/Jobs.ts"

/** `totalTimeout` covers the submit, the wait, and the resolving of the assets. */
export interface GenerateOptions extends SubmitOptions, WaitOptions {}

/** A finished generation. */
export interface Generated {
  readonly job: JobRef
  /** In the job's order, each with a fresh link. Empty if the result is `output`. */
  readonly assets: ReadonlyArray<Asset>
  /** The main file, as `findPrimary` finds it: not the thumbnail that a 3D model returns before its mesh. */
  readonly primary?: Asset | undefined
  /** The result of a generation without assets: `{ prompts: […] }`, `{ translation }`, … */
  readonly output: Readonly<Record<string, unknown>> | undefined
  /** Compute units, if the API says, including an IP detection. */
  readonly cost: number | undefined
  /** What the IP detection found, if it was requested. Its fee is part of `cost`. */
  readonly ipDetection?: IpDetection | undefined
  /** The job as it was last read; absent if the response to the submit contained the whole result. */
  readonly snapshot: Job | undefined
  /** The seed, if this library chose one. Send it again for the same result. */
  readonly seed?: number | undefined
}

/** How `generate` can fail. */
export type GenerateError = SubmitError | WaitError | AssetsMissing | EmptyResult

/**
 * Submits, waits, and resolves the assets. `onSubmitted` receives the job before the wait begins.
 *
 * @example
 * ```ts
 * const { assets, cost } = yield* generate(
 *   { model: "model_openai-gpt-image-2", inputs: { prompt: "a red house" } },
 *   { maxCost: 20, timeout: "10 minutes" },
 * )
 * ```
 */
export const generate = Effect.fn("scenario.generate")(function* (
  request: GenerationRequest,
  options?: GenerateOptions,
) {
  yield* annotateSpan(describeTarget(request))
  const deadline = yield* deadlineIn(options?.totalTimeout ?? Infinity)
  const generations = yield* Generations
  const submission = yield* generations.submit(request, options)
  return yield* resumeUntil(deadline, submission, options)
})

/**
 * Waits for a job, and resolves its assets. Takes an ID, a `JobRef`, or a `Submission`. If the submission already has its result,
 * nothing is waited for.
 *
 * @example
 * ```ts
 * const { assets } = yield* resume("job_1", { timeout: "10 minutes" })
 * ```
 */
export const resume = Effect.fn("scenario.resume")((job: JobOrId | Submission, options?: WaitOptions) =>
  resumeUntil(Infinity, job, options),
)

const resumeUntil = Effect.fnUntraced(function* (
  deadline: Deadline,
  job: JobOrId | Submission,
  options?: WaitOptions,
) {
  const submission = isSubmission(job) ? job : undefined
  yield* annotateSpan({ "scenario.job.id": readJobId(job), "scenario.cost": submission?.cost })
  const immediate = submission && (yield* readImmediateResult(submission, deadline))
  const jobs = yield* Jobs
  const history = yield* DurationHistory
  const found =
    immediate ??
    (yield* collect(
      yield* jobs.waitFor(job, yield* withinDeadline(options, deadline, defaultWaitTimeout)),
      submission,
      deadline,
    ))
  yield* annotateSpan({ "scenario.job.id": found.job.jobId, "scenario.cost": found.cost })
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

/** Limits the timeout to the deadline. */
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

/** Resolves a successful job. Fails with `EmptyResult` if it should have a result and doesn't. */
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

const readJobId = (job: JobOrId | Submission): string | undefined => {
  const reference = readJobRef(job)
  return reference instanceof InvalidInput ? undefined : reference.jobId
}

/** The result in the response to the submit, or `undefined` if the job must be waited for. */
const readImmediateResult = Effect.fnUntraced(function* (submission: Submission, deadline: Deadline) {
  const { job, cost, inlineResult, asset, snapshot } = submission
  // A list can show a success before its results. Then the job itself is read.
  const isReliable = snapshot !== undefined && !lacksResult(snapshot)
  const ended = isReliable ? yield* findOutcome(snapshot, job) : undefined
  if (inlineResult !== undefined && (snapshot?.assetIds.length ?? 0) === 0) {
    const { _tag, ...output } = inlineResult
    const generated: Generated = { job, assets: [], output, cost, snapshot }
    return generated
  }
  if (asset !== undefined && asset.status === "success" && asset.url !== "" && ended === undefined) {
    const generated: Generated = { job, assets: [asset], output: undefined, cost, snapshot }
    return generated
  }
  return ended === undefined ? undefined : yield* collect(ended, submission, deadline)
})
