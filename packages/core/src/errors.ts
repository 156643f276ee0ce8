import { type ApiErrorReason, describeReason } from "./ApiErrorReason.ts"
import type { Asset } from "./api/Asset.ts"
import type { JobRef } from "./api/Job.ts"
import type { InputIssue } from "./InputIssue.ts"
import { endSentence } from "./sentence.ts"
import type { SubmitIntent } from "./submit/SubmitIntent.ts"
import { scenarioErrorMarker, TaggedError } from "./TaggedError.ts"

export type { ApiErrorReason, InputIssue }

/**
 * Every way in which a call of this library can end badly.
 *
 * Each error has a plain `message` that ends in what to do, `isRetryable` (whether the same call can
 * succeed later without being changed), and, if a job was already submitted, that job: with it, nothing
 * is lost. No error holds a secret.
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

/** True for every error of this library, also for one that another copy of it has thrown. */
export const isScenarioError = (error: unknown): error is ScenarioError =>
  typeof error === "object" && error !== null && scenarioErrorMarker in error

const listIssues = (issues: ReadonlyArray<InputIssue>): string =>
  issues.map(({ path, message }) => `${path}: ${message}`).join(" ")

/** The request is wrong. Found before anything was sent: nothing was spent. */
export class InvalidInput extends TaggedError("InvalidInput")<{
  readonly issues: ReadonlyArray<InputIssue>
}> {
  readonly isRetryable = false
  override get message(): string {
    return `The input is not valid, and nothing was sent. ${listIssues(this.issues)}`
  }
}

/** The price is above the caller's limit. Nothing was submitted. Amounts are compute units. */
export class CostTooHigh extends TaggedError("CostTooHigh")<{
  readonly estimate: number
  readonly maxCost: number
}> {
  readonly isRetryable = false
  override get message(): string {
    return `This generation would cost ${this.estimate} compute units, more than the limit of ${this.maxCost}. Nothing was submitted. Raise the limit, or ask for less.`
  }
}

/**
 * A dry run started a paid job: the API did not honor `dryRun`. Nothing else was submitted, and the question for the price
 * must not be repeated.
 */
export class DryRunCharged extends TaggedError("DryRunCharged")<{
  readonly job: JobRef
  /** Compute units, if the API says. */
  readonly cost?: number | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const cost = this.cost === undefined ? "" : ` for ${this.cost} compute units`
    return `Asking for the price started job ${this.job.jobId}, which is charged${cost}: Scenario did not honor the dry run. Use that job instead of submitting again, and leave out the maximum cost for this model.`
  }
}

/** A callback of the caller failed. If a job was submitted, it exists: `job` holds it. */
export class CallbackFailed extends TaggedError("CallbackFailed")<{
  readonly callback: "onSending" | "onWaiting" | "onSubmitted" | "onUpdate" | "onProgress"
  /** The job of the call, once one was submitted. */
  readonly job?: JobRef | undefined
  /** The intent of a submit that `onSending` or `onWaiting` has stopped; nothing was submitted. */
  readonly intent?: SubmitIntent | undefined
  /** What the callback failed with. */
  readonly cause: unknown
}> {
  readonly isRetryable = false
  override get message(): string {
    const why = endSentence(this.cause instanceof Error ? this.cause.message : String(this.cause))
    if (this.callback === "onSending" || this.callback === "onWaiting") {
      return `Nothing was submitted, because ${this.callback} failed: ${why}`
    }
    const job =
      this.job === undefined
        ? ""
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
 * The response to a submit was lost, and no job could be recognized for certain as the one that it may have created.
 * `reconcile(intent)` searches again.
 */
export class SubmitUncertain extends TaggedError("SubmitUncertain")<{
  readonly intent: SubmitIntent
  /** The intent of the second submit, if the caller asked for one and it is uncertain too. */
  readonly resubmitted?: SubmitIntent | undefined
  /** Jobs of the same kind that were created since and may be it, the oldest first. */
  readonly candidates: ReadonlyArray<JobCandidate>
  /** How the response was lost, as a phrase: `no answer came in time`. */
  readonly reason: string
  /** A result that came without its job. */
  readonly output?: Readonly<Record<string, unknown>> | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const found =
      this.candidates.length === 0
        ? "No such job is listed yet: reconcile the intent later, or check the account's jobs, before you submit again"
        : `It may be ${this.candidates.map((job) => job.jobId).join(" or ")}: wait for the right one by its ID instead of submitting again`
    return `It is uncertain whether the generation sent at ${this.intent.sentAt ?? this.intent.notBefore} was accepted (${this.reason}). ${found}. A second submit would be charged again.`
  }
}

/** The job ended in failure. */
export class JobFailed extends TaggedError("JobFailed")<{
  readonly job: JobRef
  /** The API's own words. */
  readonly reason: string
  /** The API's advice, if it gives any. */
  readonly hint?: string | undefined
  /** Whether its compute units were given back; absent if its billing doesn't say. */
  readonly reimbursed?: boolean | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const advice = this.hint ?? "Change the input, or submit it again"
    return `Job ${this.job.jobId} failed: ${endSentence(this.reason)} ${describeRefund(this.reimbursed)} ${endSentence(advice)}`
  }
}

const describeRefund = (reimbursed: boolean | undefined): string => {
  if (reimbursed === undefined) return "Scenario doesn't say whether its compute units were given back."
  return reimbursed ? "Its compute units were given back." : "Its compute units were not given back."
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

/** Time was up before the job had ended. It still runs, and is billed: wait for it again by its id. */
export class WaitTimedOut extends TaggedError("WaitTimedOut")<{
  readonly job: JobRef
  /** Absent if no poll was answered. */
  readonly lastStatus?: string | undefined
  /** 0..1 */
  readonly progress?: number | undefined
  /** Milliseconds. */
  readonly waitedMs: number
  /** The steps of a workflow that wait until a person approves or selects. */
  readonly awaitingApproval?: ReadonlyArray<string> | undefined
  /** The error of the last poll, if polls were failing. */
  readonly lastTrouble?: string | undefined
}> {
  readonly isRetryable = true
  override get message(): string {
    const waited = `${Math.round(this.waitedMs / 100) / 10} s`
    if (this.awaitingApproval !== undefined && this.awaitingApproval.length > 0) {
      return `Job ${this.job.jobId} waits for approval of ${this.awaitingApproval.join(", ")} (waited ${waited}). Approve or reject it, then wait for the job again by its id.`
    }
    const progress = this.progress === undefined ? "" : `, ${Math.round(this.progress * 100)} %`
    const state = this.lastStatus === undefined ? "no poll was answered" : `${this.lastStatus}${progress}`
    const trouble =
      this.lastTrouble === undefined ? "" : ` The last poll failed: ${endSentence(this.lastTrouble)}`
    return `Job ${this.job.jobId} had not ended after ${waited} (${state}).${trouble} It still runs and is billed: wait for it again by its id.`
  }
}

/** The job succeeded and was charged, but it names nothing that can be used: no file, and no other result. */
export class EmptyResult extends TaggedError("EmptyResult")<{
  readonly job: JobRef
  /** Compute units, if the API says. */
  readonly cost?: number | undefined
  /** What the API says beside the success. */
  readonly reason?: string | undefined
}> {
  readonly isRetryable = false
  override get message(): string {
    const charge = this.cost === undefined ? "was charged" : `was charged ${this.cost} compute units`
    const reason = this.reason === undefined ? "" : ` Scenario says: ${endSentence(this.reason)}`
    return `Job ${this.job.jobId} succeeded and ${charge}, but it names no file and no other result.${reason} Look at the job in Scenario before you submit it again, because a second job would be charged too.`
  }
}

/** The job succeeded, but some of its assets are not available. Those that are come with the error. */
export class AssetsMissing extends TaggedError("AssetsMissing")<{
  readonly job?: JobRef | undefined
  /** The missing ones. */
  readonly assetIds: ReadonlyArray<string>
  /** The others, in the job's order, each with a fresh link. */
  readonly assets: ReadonlyArray<Asset>
  /** What is known of the missing ones, as phrases: `still pending`. */
  readonly reasons: ReadonlyArray<string>
  /** Whether resolving the job again later can bring one of them. */
  readonly isRetryable: boolean
}> {
  override get message(): string {
    const of = this.job === undefined ? "" : ` of job ${this.job.jobId}`
    const why = this.reasons.length === 0 ? "" : ` (${this.reasons.join("; ")})`
    const others = this.assets.length === 0 ? "" : ` The other ${this.assets.length} came with this error.`
    const advice = this.isRetryable
      ? "Resolve the job again later"
      : "They may have been deleted, or belong to another project: check both"
    return `Scenario does not give out ${this.assetIds.join(", ")}${of}${why}.${others} ${advice}.`
  }
}

/** The file of an asset could not be had whole. */
export class DownloadFailed extends TaggedError("DownloadFailed")<{
  readonly assetId: string
  readonly reason: string
  /** HTTP status of the last response, if there was one. */
  readonly status?: number | undefined
  /** Bytes had when it ended. */
  readonly receivedBytes: number
  readonly isRetryable: boolean
}> {
  override get message(): string {
    return `The file of asset ${this.assetId} could not be downloaded: ${endSentence(this.reason)} Download it again by its asset id.`
  }
}

/** A file could not be brought to Scenario. */
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

/** A file could not be written on this machine. */
export class SaveFailed extends TaggedError("SaveFailed")<{
  readonly path: string
  readonly assetId?: string | undefined
  readonly reason: string
}> {
  readonly isRetryable = false
  override get message(): string {
    return `${this.path} could not be written: ${endSentence(this.reason)} Choose a folder that can be written, then save the asset again.`
  }
}

/** Of several files some could not be saved. The others are in their places, and come with the error. */
export class FilesNotSaved extends TaggedError("FilesNotSaved")<{
  /** The files that are whole and in their places. */
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
  /** Whether saving one of the others again can succeed. */
  readonly isRetryable: boolean
}> {
  override get message(): string {
    const which = this.failures.map(({ assetId, reason }) => `${assetId}: ${endSentence(reason)}`).join(" ")
    return `${this.failures.length} of ${this.failures.length + this.saved.length} files were not saved. ${which} The others are in the folder. Save these again by their asset IDs.`
  }
}

const retryableReasons: ReadonlySet<ApiErrorReason["_tag"]> = new Set([
  "RateLimited",
  "Unavailable",
  "Unreachable",
  "UnexpectedBody",
])

/** The API refused a call, or could not be understood, or could not be reached. `reason` says which. */
export class ApiError extends TaggedError("ApiError")<{
  readonly reason: ApiErrorReason
  /** What was asked, without its query: `GET /jobs/job_1`. */
  readonly request: string
  /** The job that the call was about, once one was submitted. */
  readonly jobId?: string | undefined
  /** Scenario's id of this request, for its support. */
  readonly requestId?: string | undefined
}> {
  get isRetryable(): boolean {
    const isPermanent = this.reason._tag === "Unreachable" && this.reason.isPermanent === true
    return retryableReasons.has(this.reason._tag) && !isPermanent
  }
  override get message(): string {
    const isKnown = this.jobId !== undefined && this.reason._tag !== "NotFound"
    const job = isKnown ? ` (job ${this.jobId} is not lost: wait for it by its id)` : ""
    const requestId = this.requestId === undefined ? "" : ` [request ${this.requestId}]`
    return `${describeReason(this.reason, this.request)}${job}${requestId}`
  }
}
