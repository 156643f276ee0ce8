import {
  classifyJob,
  type Job,
  type JobRef,
  type ScenarioError,
  findStepsAwaitingApproval,
} from "@scenario-automation/core"
import { Data } from "effect"
import type { ZObject } from "zapier-platform-core"
import { decisionMessage, filesLaterMessage } from "./outputs/unfinished.ts"

/** Any error after a paid submit. Zapier must not repeat the step for it, by itself or by Autoreplay: that would be paid again. */
export class AfterSubmit extends Data.TaggedError("AfterSubmit")<{
  readonly cause: ScenarioError
  readonly job: JobRef
}> {}

/** The run waits for a callback that nobody will make. */
export class RelayFailed extends Data.TaggedError("RelayFailed")<{ readonly job: JobRef }> {}

/** A mistake in this app, around a submit or after it. */
export class StepBroke extends Data.TaggedError("StepBroke")<{
  readonly defect: unknown
  readonly job?: JobRef | undefined
}> {}

/** Time was up before Scenario had imported a file. It goes on; a repetition would import it a second time. */
export class ImportGoesOn extends Data.TaggedError("ImportGoesOn")<{ readonly uploadId: string }> {}

/** The file is an asset by now, and nothing more is known of it. A repetition would import it a second time. */
export class ImportedUnread extends Data.TaggedError("ImportedUnread")<{
  readonly assetId: string
  readonly cause: ScenarioError
}> {}

/** A search was asked to hold the Zap until a generation has ended. */
export class StillRunning extends Data.TaggedError("StillRunning")<{
  readonly job: JobRef
  readonly snapshot?: Job | undefined
}> {}

/** Zapier could not keep a file. */
export class StashFailed extends Data.TaggedError("StashFailed")<{ readonly cause: unknown }> {}

/** What the programs of this app can fail with. */
export type StepError =
  | ScenarioError
  | AfterSubmit
  | RelayFailed
  | StepBroke
  | ImportGoesOn
  | ImportedUnread
  | StillRunning
  | StashFailed

/** Whatever was looked for is not there: to a search that is an answer. */
export const isNotFound = (error: StepError): boolean =>
  error._tag === "ApiError" && error.reason._tag === "NotFound"

/**
 * The one place where an error becomes Zapier's. Every sentence is core's own: Zapier shows nothing of a tagged error but an
 * empty text.
 */
export const toZapierError = (z: Pick<ZObject, "errors">, error: StepError): Error => {
  switch (error._tag) {
    case "AfterSubmit":
      return new z.errors.HaltedError(withJob(error.cause.message, error.job))
    case "RelayFailed":
      return new z.errors.HaltedError(
        withJob("The generation goes on, but the relay could not be asked to wait for it.", error.job),
      )
    case "StepBroke":
      return new z.errors.HaltedError(
        error.job === undefined
          ? `This step broke (${String(error.defect)}). It may have generated something: look in Scenario before you run it again.`
          : withJob(`This step broke after its submit (${String(error.defect)}).`, error.job),
      )
    case "ImportGoesOn":
      return new z.errors.HaltedError(
        `Scenario is still importing the file (upload ${error.uploadId}). It goes on: the trigger New Asset tells when it is there. Do not import it again.`,
      )
    case "ImportedUnread":
      return new z.errors.HaltedError(
        `The file is imported as asset ${error.assetId}, which could not be read: ${error.cause.message} Find Asset finds it by this ID. Do not import it again.`,
      )
    case "StashFailed":
      return new z.errors.Error(`Zapier could not keep the file: ${String(error.cause)}`, error._tag, 503)
    case "StillRunning":
      return ofStillRunning(z, error)
    // It may have been paid: a plain error invites a replay, which would be paid again.
    case "SubmitUncertain":
    case "DryRunCharged":
    case "CallbackFailed":
    // Ends that the user's own filters can deal with; they never turn a Zap off.
    case "JobFailed":
    case "JobCanceled":
    case "CostTooHigh":
    case "EmptyResult":
      return new z.errors.HaltedError(error.message)
    case "InvalidInput":
      return new z.errors.Error(error.message, "InvalidInput", 400)
    case "ApiError":
      return ofApiError(z, error)
    case "WaitTimedOut":
    case "AssetsMissing":
    case "DownloadFailed":
    case "UploadFailed":
    case "SaveFailed":
    case "FilesNotSaved":
      return new z.errors.Error(error.message, error._tag, error.isRetryable ? 503 : 422)
  }
}

const ofApiError = (
  z: Pick<ZObject, "errors">,
  error: Extract<ScenarioError, { _tag: "ApiError" }>,
): Error => {
  const { message, reason } = error
  switch (reason._tag) {
    // Turns the Zap off until its owner has connected again.
    case "Unauthorized":
      return new z.errors.ExpiredAuthError(message)
    // Zapier repeats the step later: only ever before a submit, or after one that was certainly refused.
    case "RateLimited":
      return new z.errors.ThrottledError(message, delaySeconds(reason.retryAfterMs))
    case "Forbidden":
      return new z.errors.Error(message, reason._tag, 403)
    case "PlanRequired":
      return new z.errors.Error(message, reason._tag, 402)
    case "NotFound":
      return new z.errors.Error(message, reason._tag, 404)
    case "Rejected":
      return new z.errors.Error(message, reason._tag, reason.status)
    case "Unavailable":
    case "Unreachable":
    case "UnexpectedBody":
      return new z.errors.Error(message, reason._tag, 503)
  }
}

/** When Zapier comes again: after an hour at the latest, however far away a date Scenario names. */
const delaySeconds = (retryAfterMs = 60_000): number =>
  Math.min(3_600, Math.max(1, Math.ceil(retryAfterMs / 1000)))

/** How long a Zap is held, counted from the beginning of the generation; Zapier does not say how often it would come again. */
const longestHoldMs = 30 * 60_000
const secondsBetweenLooks = 60

/** Zapier repeats a step that says it is throttled, and shows the run as waiting: it becomes the loop around the looks. */
const ofStillRunning = (z: Pick<ZObject, "errors">, { job, snapshot }: StillRunning): Error => {
  const age = Date.now() - Date.parse(job.submittedAt ?? "")
  const standing = snapshot === undefined ? [] : findStepsAwaitingApproval(snapshot)
  const steps = standing.map(({ stepId }) => stepId)
  const hasEnded = snapshot !== undefined && classifyJob(snapshot) === "succeeded"
  const state =
    steps.length > 0
      ? decisionMessage(job.jobId, steps)
      : hasEnded
        ? filesLaterMessage(job.jobId)
        : `Generation ${job.jobId} is still ${snapshot?.status ?? "on its way"}.`
  return age < longestHoldMs
    ? new z.errors.ThrottledError(`${state} Zapier looks again in a minute.`, secondsBetweenLooks)
    : new z.errors.HaltedError(
        `${state} It has not ended within half an hour. It goes on and is billed: find it by this ID later.`,
      )
}

const withJob = (message: string, { jobId }: JobRef): string =>
  jobId === "" || message.includes(jobId)
    ? message
    : `${message} Its job is ${jobId}: find it by this ID instead of generating again.`
