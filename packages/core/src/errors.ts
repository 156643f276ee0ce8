import { type ApiErrorReason, describeReason } from "./ApiErrorReason.ts"
import type { Asset } from "./api/Asset.ts"
import { isEncodableId } from "./api/ids.ts"
import type { JobRef } from "./api/Job.ts"
import type { InputIssue } from "./InputIssue.ts"
import { endSentence } from "./utils/sentence.ts"
import type { SubmitIntent } from "./submit/SubmitIntent.ts"
import { scenarioErrorMarker, TaggedError } from "./TaggedError.ts"

export type { ApiErrorReason, InputIssue }

/**
 * All errors of this library.
 *
 * The `message` says what happened and what to do, and `isRetryable` says whether the same call can succeed later. If a job was
 * already submitted, the error carries it, so that it isn't lost. No error contains a secret.
 */
export type ScenarioError =
  | InvalidInput
  | CostTooHigh
  | DryRunCharged
  | CallbackFailed
  | SubmitUncertain
  | JobFailed
  | JobCanceled
  | WaitTimedOut
  | EmptyResult
  | AssetsMissing
  | DownloadFailed
  | UploadFailed
  | SaveFailed
  | FilesNotSaved
  | ApiError

/** True for each error of this library, also of another copy of it. */
export const isScenarioError = (error: unknown): error is ScenarioError =>
  typeof error === "object" && error !== null && scenarioErrorMarker in error

/** The input isn't valid. Nothing was submitted, so nothing was spent. */
export class InvalidInput extends TaggedError("InvalidInput")<{
  readonly issues: ReadonlyArray<InputIssue>
}> {
  readonly isRetryable = false
  override get message(): string {
    return `The input is not valid, and nothing was submitted. ${this.issues.map(({ path, message }) => `${path}: ${message}`).join(" ")}`
  }
}

/** The price is above the caller's limit. Nothing was submitted. Amounts are compute units. */
export class CostTooHigh extends TaggedError("CostTooHigh")<{
  readonly estimate: number
  readonly maxCost: number
}> {
  readonly isRetryable = false
  override get message(): string {
    return `This generation would cost ${this.estimate} compute units, more than the limit of ${this.maxCost}. Nothing was submitted. Raise the limit, or choose a cheaper request.`
  }
}

/**
 * A dry run started a paid job, because the API ignored `dryRun`. Nothing else was submitted, and the price must not be asked
 * for again.
 */
export class DryRunCharged extends TaggedError("DryRunCharged")<{
  readonly job: JobRef
  /** Compute units, if the API says. */
  readonly cost?: number | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const cost = this.cost === undefined ? "" : ` for ${this.cost} compute units`
    return `Asking for the price started job ${this.job.jobId}, which is charged${cost}, because Scenario ignored the dry run. Use that job instead of submitting again, and leave out the maximum cost for this model.`
  }
}

/** A callback of the caller failed. If a job was submitted, it runs, and `job` is its reference. */
export class CallbackFailed extends TaggedError("CallbackFailed")<{
  readonly callback: "onSending" | "onWaiting" | "onSubmitted" | "onUpdate" | "onProgress"
  /** The job of the call, once one was submitted. */
  readonly job?: JobRef | undefined
  /** The intent of the submit that `onSending` or `onWaiting` stopped. Nothing was submitted. */
  readonly intent?: SubmitIntent | undefined
  /** What the callback failed with. */
  readonly cause: unknown
}> {
  readonly isRetryable = false
  override get message(): string {
    const why = endSentence(this.cause instanceof Error ? this.cause.message : String(this.cause))
    if (this.callback === "onSending" || this.callback === "onWaiting") {
      return `Nothing was submitted, because ${this.callback} failed: ${why} Fix the callback, then submit again.`
    }
    const job =
      this.job === undefined
        ? " Fix the callback, then call again."
        : ` Job ${this.job.jobId} was submitted and runs: wait for it by its ID instead of submitting again.`
    return `The callback ${this.callback} failed: ${why}${job}`
  }
}

/** A job that may belong to a submit whose response was lost. */
export interface JobCandidate extends JobRef {
  /** The start of its prompt. */
  readonly prompt?: string | undefined
  readonly status?: string | undefined
}

/**
 * The response to a submit was lost, and no job can be recognized for certain as the one that it may have created.
 * `reconcile(intent)` searches again.
 */
export class SubmitUncertain extends TaggedError("SubmitUncertain")<{
  readonly intent: SubmitIntent
  /** The intent of the second submit, if the caller asked for one and it is uncertain too. */
  readonly resubmitted?: SubmitIntent | undefined
  /** Jobs that may be it, the oldest first. */
  readonly candidates: ReadonlyArray<JobCandidate>
  /** How the response was lost, as a phrase: `no response came in time`. */
  readonly reason: string
  /** The result, if the response contained one without naming its job. */
  readonly output?: Readonly<Record<string, unknown>> | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const found =
      this.candidates.length === 0
        ? "No matching job is listed yet: reconcile the intent later, or check the account's jobs before you submit again"
        : `The job may be ${this.candidates.map((job) => job.jobId).join(" or ")}: wait for the right one by its ID instead of submitting again`
    return `It is uncertain whether the generation sent at ${this.intent.sentAt ?? this.intent.notBefore} was accepted (${this.reason}). ${found}. A second submit would be charged again.`
  }
}

/** The job failed. */
export class JobFailed extends TaggedError("JobFailed")<{
  readonly job: JobRef
  /** The API's own message. */
  readonly reason: string
  /** The API's advice. */
  readonly hint?: string | undefined
  /** Whether its compute units were refunded; absent if the job's billing doesn't say. */
  readonly reimbursed?: boolean | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const advice = this.hint ?? "Change the input, or submit it again"
    return `Job ${this.job.jobId} failed: ${endSentence(this.reason)} ${describeRefund(this.reimbursed)} ${endSentence(advice)}`
  }
}

const describeRefund = (reimbursed: boolean | undefined): string => {
  if (reimbursed === undefined) return "Scenario doesn't say whether its compute units were refunded."
  return reimbursed ? "Its compute units were refunded." : "Its compute units were not refunded."
}

/** The job was canceled, by `cancel` or by another client. */
export class JobCanceled extends TaggedError("JobCanceled")<{
  readonly job: JobRef
}> {
  readonly isRetryable = false
  override get message(): string {
    return `Job ${this.job.jobId} was canceled. Submit it again if you still want the result.`
  }
}

/** The wait ended before the job. The job still runs, and is charged: wait for it again by its ID. */
export class WaitTimedOut extends TaggedError("WaitTimedOut")<{
  readonly job: JobRef
  /** Absent if no poll succeeded. */
  readonly lastStatus?: string | undefined
  /** 0..1 */
  readonly progress?: number | undefined
  /** Milliseconds. */
  readonly waitedMs: number
  /** The steps of a workflow that wait until a person approves or selects. */
  readonly awaitingApproval?: ReadonlyArray<string> | undefined
  /** The error of the last poll, if it failed. */
  readonly lastError?: string | undefined
}> {
  readonly isRetryable = true
  override get message(): string {
    const waited = `${Math.round(this.waitedMs / 100) / 10} s`
    if (this.awaitingApproval !== undefined && this.awaitingApproval.length > 0) {
      return `Job ${this.job.jobId} waits for approval of ${this.awaitingApproval.join(", ")} (waited ${waited}). Approve or reject it, then wait for the job again by its ID.`
    }
    const progress = this.progress === undefined ? "" : `, ${Math.round(this.progress * 100)} %`
    const state = this.lastStatus === undefined ? "no poll succeeded" : `${this.lastStatus}${progress}`
    const error = this.lastError === undefined ? "" : ` The last poll failed: ${endSentence(this.lastError)}`
    const advice = isEncodableId(this.job.jobId)
      ? "It still runs and is charged: wait for it again by its ID."
      : "It was submitted and is charged: look for it in Scenario's web app, or list the recent jobs, before you submit it again."
    return `Job ${this.job.jobId} had not ended after ${waited} (${state}).${error} ${advice}`
  }
}

/** The job succeeded and was charged, but it has no file and no other result. */
export class EmptyResult extends TaggedError("EmptyResult")<{
  readonly job: JobRef
  /** Compute units, if the API says. */
  readonly cost?: number | undefined
  /** What the API says about it. */
  readonly reason?: string | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const charge = this.cost === undefined ? "was charged" : `cost ${this.cost} compute units`
    const reason = this.reason === undefined ? "" : ` Scenario says: ${endSentence(this.reason)}`
    return `Job ${this.job.jobId} succeeded and ${charge}, but it has no file and no other result.${reason} Look at the job in Scenario before you submit it again, because a second job would be charged too.`
  }
}

/** The job succeeded, but some of its assets aren't available. The error carries the others. */
export class AssetsMissing extends TaggedError("AssetsMissing")<{
  readonly job?: JobRef | undefined
  /** Those that are missing. */
  readonly assetIds: ReadonlyArray<string>
  /** The others, in the job's order, each with a fresh link. */
  readonly assets: ReadonlyArray<Asset>
  /** Why they are missing, as phrases: `still pending`. */
  readonly reasons: ReadonlyArray<string>
  /** Whether some of them can become available later. */
  readonly isRetryable: boolean
}> {
  override get message(): string {
    const of = this.job === undefined ? "" : ` of job ${this.job.jobId}`
    const why = this.reasons.length === 0 ? "" : ` (${this.reasons.join("; ")})`
    const others = this.assets.length === 0 ? "" : ` This error carries the other ${this.assets.length}.`
    const advice = this.isRetryable
      ? "Resolve the job again later"
      : "They may have been deleted, or belong to another project: check both"
    return `Scenario does not return ${this.assetIds.join(", ")}${of}${why}.${others} ${advice}.`
  }
}

/** The file of an asset couldn't be downloaded completely. */
export class DownloadFailed extends TaggedError("DownloadFailed")<{
  readonly assetId: string
  readonly reason: string
  /** HTTP status of the last response, if there was one. */
  readonly status?: number | undefined
  /** Bytes that were received. */
  readonly receivedBytes: number
  readonly isRetryable: boolean
}> {
  override get message(): string {
    return `The file of asset ${this.assetId} could not be downloaded: ${endSentence(this.reason)} Download it again by its asset ID.`
  }
}

/** A file couldn't be uploaded or imported. */
export class UploadFailed extends TaggedError("UploadFailed")<{
  readonly uploadId?: string | undefined
  readonly fileName?: string | undefined
  readonly reason: string
  readonly isRetryable: boolean
}> {
  override get message(): string {
    const what = this.fileName ?? this.uploadId ?? "the file"
    return `The upload of ${what} failed: ${endSentence(this.reason)} Check the file, then upload it again.`
  }
}

/** A file couldn't be written on this machine. */
export class SaveFailed extends TaggedError("SaveFailed")<{
  readonly path: string
  readonly assetId?: string | undefined
  readonly reason: string
}> {
  readonly isRetryable = false
  override get message(): string {
    return `${this.path} could not be written: ${endSentence(this.reason)} Choose a folder that you can write to, then save the asset again.`
  }
}

/** Some of several files couldn't be saved. The others are complete, and the error lists them. */
export class FilesNotSaved extends TaggedError("FilesNotSaved")<{
  /** The files that are complete. */
  readonly saved: ReadonlyArray<{
    readonly assetId: string
    readonly path: string
    readonly bytes: number
    readonly mimeType: string
  }>
  readonly failures: ReadonlyArray<{
    readonly assetId: string
    readonly reason: string
    readonly isRetryable: boolean
  }>
  /** Whether saving some of the failed files again can succeed. */
  readonly isRetryable: boolean
}> {
  override get message(): string {
    const which = this.failures.map(({ assetId, reason }) => `${assetId}: ${endSentence(reason)}`).join(" ")
    return `${this.failures.length} of ${this.failures.length + this.saved.length} files were not saved. ${which} The others are complete. Save the failed ones again by their asset IDs.`
  }
}

const retryableReasons: ReadonlySet<ApiErrorReason["_tag"]> = new Set([
  "RateLimited",
  "Unavailable",
  "Unreachable",
  "UnexpectedBody",
])

/** The API rejected a request, couldn't be reached, or sent an unusable response: see `reason`. */
export class ApiError extends TaggedError("ApiError")<{
  readonly reason: ApiErrorReason
  /** Method and path, without the query: `GET /jobs/job_1`. */
  readonly request: string
  /** The job of the call, once one was submitted. */
  readonly jobId?: string | undefined
  /** Scenario's ID of this request, for its support. */
  readonly requestId?: string | undefined
}> {
  get isRetryable(): boolean {
    const isPermanent = this.reason._tag === "Unreachable" && this.reason.isPermanent === true
    return retryableReasons.has(this.reason._tag) && !isPermanent
  }
  override get message(): string {
    const isKnown = this.jobId !== undefined && this.reason._tag !== "NotFound"
    const job = isKnown ? ` (job ${this.jobId} is not lost: wait for it by its ID)` : ""
    const requestId = this.requestId === undefined ? "" : ` [request ${this.requestId}]`
    return `${describeReason(this.reason, this.request)}${job}${requestId}`
  }
}
