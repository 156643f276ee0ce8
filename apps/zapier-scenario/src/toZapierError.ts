import {
  type ApiError,
  classifyJob,
  findStepsAwaitingApproval,
  type InvalidInput,
  type Job,
  type JobRef,
  type ScenarioError,
  type SubmitUncertain,
} from "@scenario-automation/core"
import { Data } from "effect"
import type { ZObject } from "zapier-platform-core"
import { describeApproval, describeLateFiles, describeUnfinished } from "./outputs/unfinished.ts"

/** Any error after a paid submit. Zapier must not repeat the step for it, by itself or by Autoreplay: that would be paid again. */
export class AfterSubmit extends Data.TaggedError("AfterSubmit")<{
  readonly cause: ScenarioError
  readonly job: JobRef
}> {}

/** The run waits for a callback that never comes. */
export class RelayFailed extends Data.TaggedError("RelayFailed")<{ readonly job: JobRef }> {}

/** A mistake in this app, during a submit or after it. */
export class StepBroke extends Data.TaggedError("StepBroke")<{
  readonly defect: unknown
  readonly job?: JobRef | undefined
}> {}

/** Time was up before Scenario had imported a file. It goes on; a repeated step would import it a second time. */
export class ImportGoesOn extends Data.TaggedError("ImportGoesOn")<{ readonly uploadId: string }> {}

/** The response to an import was lost, so it may have started; a repeated step would import the file a second time. */
export class ImportUncertain extends Data.TaggedError("ImportUncertain")<{ readonly cause: ScenarioError }> {}

/** The file is an asset, but that couldn't be read. A repeated step would import it a second time. */
export class ImportedUnread extends Data.TaggedError("ImportedUnread")<{
  readonly assetId: string
  readonly cause: ScenarioError
}> {}

/** A search should hold the Zap until a generation has ended. */
export class StillRunning extends Data.TaggedError("StillRunning")<{
  readonly job: JobRef
  readonly snapshot?: Job | undefined
  /** Why its state couldn't be read. */
  readonly error?: ScenarioError | undefined
}> {}

/** Zapier couldn't store a file. */
export class StashFailed extends Data.TaggedError("StashFailed")<{ readonly cause: unknown }> {}

/** What the programs of this app can fail with. */
export type StepError =
  | ScenarioError
  | AfterSubmit
  | RelayFailed
  | StepBroke
  | ImportGoesOn
  | ImportUncertain
  | ImportedUnread
  | StillRunning
  | StashFailed

/** What was searched for doesn't exist: for a search, that is a result. */
export const isNotFound = (error: StepError): boolean =>
  error._tag === "ApiError" && error.reason._tag === "NotFound"

/** Whether Scenario couldn't be read for now. A rate limit isn't meant: that says by itself when to retry. */
export const isOutage = (error: StepError): error is ApiError =>
  error._tag === "ApiError" && ["Unavailable", "Unreachable", "UnexpectedBody"].includes(error.reason._tag)

/** The one place that makes Zapier's errors. Of a tagged error, Zapier would show an empty text. */
export const toZapierError = (z: Pick<ZObject, "errors">, error: StepError): Error => {
  switch (error._tag) {
    case "AfterSubmit":
      return new z.errors.HaltedError(describeAfterSubmit(error))
    case "RelayFailed":
      return new z.errors.HaltedError(
        addAdvice("The generation goes on, but the relay couldn't be asked to wait for it.", error.job),
      )
    case "StepBroke":
      return new z.errors.HaltedError(
        error.job === undefined
          ? `This step broke (${String(error.defect)}). It may have generated something: look in Scenario before you run it again.`
          : addAdvice(`This step broke after its submit (${String(error.defect)}).`, error.job),
      )
    case "ImportGoesOn":
      return new z.errors.HaltedError(
        `Scenario is still importing the file (upload ${error.uploadId}). When it is done, the trigger New Asset fires. Don't import the file again.`,
      )
    case "ImportUncertain":
      return new z.errors.HaltedError(
        `It is uncertain whether Scenario is importing the file. ${error.cause.message} Look at your assets in Scenario, or wait for the trigger New Asset, before you import the file again.`,
      )
    case "ImportedUnread":
      return new z.errors.HaltedError(
        `The file was imported as asset ${error.assetId}, but that couldn't be read. ${error.cause.message} Use Find Asset with this ID. Don't import the file again.`,
      )
    case "StashFailed":
      return new z.errors.Error(`Zapier couldn't store the file: ${String(error.cause)}`, error._tag, 503)
    case "StillRunning":
      return holdOrHalt(z, error)
    // It may have been paid: a plain error invites a replay, which would be paid again.
    case "SubmitUncertain":
      return new z.errors.HaltedError(describeUncertain(error))
    case "DryRunCharged":
      return new z.errors.HaltedError(
        addAdvice(
          `Asking for the price started generation ${error.job.jobId}, which is billed: Scenario ignored the dry run. Leave Maximum Cost empty for this model.`,
          error.job,
        ),
      )
    case "CallbackFailed":
    // Ends that users' own filters can deal with; they never turn a Zap off.
    case "JobFailed":
    case "JobCanceled":
    case "CostTooHigh":
    case "EmptyResult":
      return new z.errors.HaltedError(error.message)
    case "InvalidInput":
      return new z.errors.Error(describeIssues(error), "InvalidInput", 400)
    case "ApiError":
      return toApiError(z, error)
    case "WaitTimedOut":
    case "AssetsMissing":
    case "DownloadFailed":
    case "UploadFailed":
    case "SaveFailed":
    case "FilesNotSaved":
      return new z.errors.Error(error.message, error._tag, error.isRetryable ? 503 : 422)
  }
}

const toApiError = (z: Pick<ZObject, "errors">, error: ApiError): Error => {
  const { message, reason } = error
  switch (reason._tag) {
    // Turns the Zap off until its owner connects again. The transport has sent the request twice by then.
    case "Unauthorized":
      return new z.errors.ExpiredAuthError(message)
    // Zapier repeats the step later: it only comes before a submit, or after one that was certainly refused.
    case "RateLimited":
      return new z.errors.ThrottledError(message, toDelaySeconds(reason.retryAfterMs))
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

/** When Zapier repeats the step: after an hour at most, whatever date Scenario names. */
const toDelaySeconds = (retryAfterMs = 60_000): number =>
  Math.min(3_600, Math.max(1, Math.ceil(retryAfterMs / 1000)))

/** How long a Zap is held, counted from the start of the generation. */
const maxHoldMs = 30 * 60_000
const secondsBetweenPolls = 60

/**
 * Zapier repeats a step that says it is throttled, and shows the run as waiting: that makes it the loop around the polls. A
 * generation whose age is unknown, because it names no date or couldn't be read, is held until Zapier gives up.
 */
const holdOrHalt = (z: Pick<ZObject, "errors">, { job, snapshot, error }: StillRunning): Error => {
  const state = error === undefined ? describeState(job, snapshot) : error.message
  return isTooOldToHold(job)
    ? new z.errors.HaltedError(addAdvice(`${state} The Zap was held for half an hour.`, job))
    : new z.errors.ThrottledError(`${state} Zapier checks again in a minute.`, secondsBetweenPolls)
}

export const isTooOldToHold = ({ submittedAt = "" }: JobRef): boolean =>
  Date.now() - Date.parse(submittedAt) >= maxHoldMs

const describeState = ({ jobId }: JobRef, snapshot: Job | undefined): string => {
  if (snapshot === undefined) return describeUnfinished(jobId)
  const steps = findStepsAwaitingApproval(snapshot).map(({ stepId }) => stepId)
  if (steps.length > 0) return describeApproval(jobId, steps)
  return classifyJob(snapshot) === "succeeded"
    ? describeLateFiles(jobId)
    : `Generation ${jobId} isn't finished yet (${snapshot.status}). It keeps running and is billed.`
}

const describeIssues = ({ issues }: InvalidInput): string => {
  const problems = issues.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`)
  return `The input isn't valid, and nothing was generated. ${problems.join("; ")}. Correct the field and test the step again.`
}

/** Names the generations that the lost submit may have started: only a person can tell whose they are. */
const describeUncertain = ({ intent, candidates, reason }: SubmitUncertain): string => {
  const found = candidates.map(({ jobId, submittedAt, status, prompt }) => {
    const facts = [
      submittedAt === undefined ? undefined : `started ${submittedAt}`,
      status,
      prompt === undefined ? undefined : JSON.stringify(prompt.slice(0, 60)),
    ].filter((fact) => fact !== undefined)
    return facts.length === 0 ? jobId : `${jobId} (${facts.join(", ")})`
  })
  const advice =
    found.length === 0
      ? "No such generation is listed yet: look at your generations in Scenario before you run the step again."
      : `It may be ${found.join(" or ")}. Use Find Generation with this ID instead of generating again.`
  return `It is uncertain whether the generation sent at ${intent.sentAt ?? intent.notBefore} was accepted (${reason}). ${advice} A second one would be charged again.`
}

const describeAfterSubmit = ({ cause, job }: AfterSubmit): string => {
  switch (cause._tag) {
    // There is nothing left to find.
    case "JobFailed":
    case "JobCanceled":
      return cause.message
    case "InvalidInput":
      return addAdvice(describeIssues(cause), job)
    default:
      return addAdvice(cause.message, job)
  }
}

const addAdvice = (message: string, { jobId }: JobRef): string => {
  if (jobId === "" || message.includes("Find Generation")) return message
  const which = message.includes(jobId) ? "this ID" : `the ID ${jobId}`
  return `${message} Use Find Generation with ${which}; don't generate it again.`
}
