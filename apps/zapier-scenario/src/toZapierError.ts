import type { ApiError, JobRef, ScenarioError } from "@scenario-automation/core"
import type { ZObject } from "zapier-platform-core"
import { addFindGeneration, describeAfterSubmit, describeError, describeState } from "./describeError.ts"
import type { InvalidFields } from "./fields/InvalidFields.ts"
import type { StepError, StillRunning } from "./StepError.ts"

type Z = Pick<ZObject, "errors">

/** The one place that makes Zapier's errors. Zapier would show a tagged error as an empty text. */
export const toZapierError = (z: Z, error: StepError): Error => {
  switch (error._tag) {
    case "AfterSubmit":
      return new z.errors.HaltedError(describeAfterSubmit(error))
    case "RelayFailed":
      return new z.errors.HaltedError(
        addFindGeneration(
          "The generation is running, but the relay couldn't be asked to wait for it.",
          error.job,
        ),
      )
    case "StepBroke":
      return new z.errors.HaltedError(
        error.job === undefined
          ? `This step broke (${String(error.defect)}). It may have generated something: look in Scenario before you run it again.`
          : addFindGeneration(
              `This step broke after it started the generation (${String(error.defect)}).`,
              error.job,
            ),
      )
    case "ImportPending":
      return new z.errors.HaltedError(
        `Scenario is still importing the file (upload ${error.uploadId}). The trigger New Asset fires when it's done. Don't import the file again.`,
      )
    case "ImportUncertain":
      return new z.errors.HaltedError(
        `It is uncertain whether Scenario is importing the file. ${describeError(error.cause).problem} Look at your assets in Scenario, or wait for the trigger New Asset, before you import the file again.`,
      )
    case "ImportedUnread":
      return new z.errors.HaltedError(
        `The file was imported as asset ${error.assetId}, but the asset couldn't be read. ${describeError(error.cause).problem} Use Find Asset with this ID. Don't import the file again.`,
      )
    case "StashFailed":
      return new z.errors.Error(`Zapier couldn't store the file: ${String(error.cause)}`, error._tag, 503)
    case "StillRunning":
      return toHold(z, error)
    case "DryRunCharged":
      return new z.errors.HaltedError(addFindGeneration(describe(error), error.job))
    // It may have been paid: a plain error invites a replay, which would be paid again.
    case "SubmitUncertain":
    case "CallbackFailed":
    // Ends that users' own filters can deal with; they never turn a Zap off.
    case "JobFailed":
    case "JobCanceled":
    case "CostTooHigh":
    case "EmptyResult":
      return new z.errors.HaltedError(describe(error))
    case "InvalidFields":
    case "InvalidInput":
      return new z.errors.Error(describe(error), "InvalidInput", 400)
    case "ApiError":
      return toApiError(z, error)
    case "WaitTimedOut":
    case "AssetsMissing":
    case "DownloadFailed":
    case "UploadFailed":
    case "SaveFailed":
    case "FilesNotSaved":
      return new z.errors.Error(describe(error), error._tag, error.isRetryable ? 503 : 422)
  }
}

const describe = (error: ScenarioError | InvalidFields): string => {
  const { problem, advice } = describeError(error)
  return advice === undefined ? problem : `${problem} ${advice}`
}

const toApiError = (z: Z, error: ApiError): Error => {
  const { reason } = error
  const message = describe(error)
  switch (reason._tag) {
    // Turns the Zap off until its owner reconnects. The transport has sent the request twice by then.
    case "Unauthorized":
      return new z.errors.ExpiredAuthError(message)
    // Zapier repeats the step later. This error comes before a submit, or after one that was certainly refused.
    case "RateLimited":
      return new z.errors.ThrottledError(
        `${message} Zapier runs the step again later.`,
        toDelaySeconds(reason.retryAfterMs),
      )
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

/** Zapier repeats the step within an hour, no matter which date Scenario names. */
const toDelaySeconds = (retryAfterMs = 60_000): number =>
  Math.min(3_600, Math.max(1, Math.ceil(retryAfterMs / 1000)))

const maxHoldMs = 30 * 60_000
const secondsBetweenPolls = 60

/**
 * Zapier repeats a step that says it is throttled, and shows the run as waiting: that makes it the loop around the polls. A
 * generation of unknown age, because it names no date or couldn't be read, is held until Zapier gives up.
 */
const toHold = (z: Z, { job, snapshot, error }: StillRunning): Error => {
  const state = error === undefined ? describeState(job, snapshot) : describeError(error).problem
  return isTooOldToHold(job)
    ? new z.errors.HaltedError(addFindGeneration(`${state} The Zap was held for half an hour.`, job))
    : new z.errors.ThrottledError(`${state} Zapier checks again in a minute.`, secondsBetweenPolls)
}

export const isTooOldToHold = ({ submittedAt = "" }: JobRef): boolean =>
  Date.now() - Date.parse(submittedAt) >= maxHoldMs
