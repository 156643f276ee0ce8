import * as Duration from "effect/Duration"
import type { DownloadOptions, RenditionOptions } from "../deliver/FileReader.ts"
import type { NamingOptions, SaveOptions } from "../deliver/node/save.ts"
import type { SubmitIntent } from "../submit/SubmitIntent.ts"
import type { SubmitWait } from "../submit/Ceilings.ts"
import type { Submission } from "../submit/Submission.ts"
import type { SubmitOptions } from "../submit/SubmitOptions.ts"
import type { WaitOptions } from "../watch/Jobs.ts"
import type { JobUpdate } from "../watch/JobUpdate.ts"
import type { CallRecord } from "./CallRecord.ts"
import { checkOptions } from "./checkOptions.ts"
import type { CallOptions } from "./PromiseRuntime.ts"
import { awaitCallback, runCallback } from "./runCallback.ts"

export interface SubmitCallOptions extends CallOptions {
  /** Compute units. The price is asked for first; above this nothing is submitted. */
  readonly maxCost?: number | undefined
  /**
   * Whether Scenario also looks for protected content, and blocks what it may not make. It charges for that beside the
   * generation, which counts against `maxCost`. Default false.
   */
  readonly ipDetection?: boolean | undefined
  /**
   * What to do if the account runs as many jobs as it may: `wait` for its turn, limited by `totalTimeoutMs` only, or
   * `fail` at once. Either way nothing is paid until it is accepted. Default `wait`.
   */
  readonly ifAtCeiling?: "wait" | "fail" | undefined
  /** Called when the submit begins to wait for its turn at a ceiling. */
  readonly onWaiting?: ((wait: SubmitWait) => unknown) | undefined
  /** How long to try again while Scenario takes no request for now. Milliseconds, default 60 000. */
  readonly queueTimeoutMs?: number | undefined
  /** How long the response may take before it counts as lost. Milliseconds, default 60 000. */
  readonly responseTimeoutMs?: number | undefined
  /** How long the job of a lost response is searched for. Milliseconds, default 15 000. */
  readonly reconcileTimeoutMs?: number | undefined
  /**
   * How long the whole submit may take, from the first check to the end of the search for a lost job. If too little of it
   * is left to send safely, nothing is sent. Milliseconds. Default: no limit.
   */
  readonly totalTimeoutMs?: number | undefined
  /**
   * `resubmit`: if no job can be found after a lost response, submit once more; it may be charged twice. Default `fail`.
   */
  readonly ifUncertain?: "fail" | "resubmit" | undefined
  /**
   * Any text that names this request once and for all, such as an order number. A submit with the same key, from any
   * process, resumes the job that the first one created within the last 24 hours (unless it failed) instead of paying
   * again. It needs a model whose seed identifies its jobs (`InvalidInput` otherwise, and if the key's job has other
   * inputs). Two processes that submit at the same moment, or within the seconds until Scenario lists a new job, don't see
   * each other: keep such repeats in one process.
   */
  readonly requestKey?: string | undefined
  /** Whether to fill in a seed that was left empty, so that the job can be recognized by it. Default true. */
  readonly identifyBySeed?: boolean | undefined
  /**
   * Called before anything is sent: store the intent, and `reconcile` finds its job in any process. A promise that it
   * returns is awaited; if it fails, nothing is sent (`CallbackFailed`).
   */
  readonly onSending?: ((intent: SubmitIntent) => unknown) | undefined
  /**
   * Called as soon as the job is known, even if the call was aborted meanwhile: the place to store it. A promise that it
   * returns is awaited; if it fails, `CallbackFailed` carries the job.
   */
  readonly onSubmitted?: ((submission: Submission) => unknown) | undefined
}

export interface ReconcileCallOptions extends CallOptions {
  /** How long to keep searching for a job that may not be listed yet. Milliseconds, default 15 000. */
  readonly timeoutMs?: number | undefined
}

export interface WaitCallOptions extends CallOptions {
  /** Milliseconds, default 1 800 000 (half an hour). When it is up the job still runs: `WaitTimedOut` carries it. */
  readonly timeoutMs?: number | undefined
  /**
   * Called on change only. A promise that it returns is awaited, at most until the timeout; if it fails, `CallbackFailed`
   * carries the job.
   */
  readonly onUpdate?: ((update: JobUpdate) => unknown) | undefined
  /**
   * Ends the wait as soon as a workflow stops until a person approves or selects: in `WaitTimedOut`, whose
   * `awaitingApproval` names the steps. Default false.
   */
  readonly stopAtApproval?: boolean | undefined
}

export interface GenerateCallOptions extends SubmitCallOptions, WaitCallOptions {}

export interface ResolveCallOptions extends CallOptions {
  /** How long assets that are still pending are waited for. Milliseconds, default 120 000. */
  readonly timeoutMs?: number | undefined
}

export interface DownloadCallOptions extends CallOptions, RenditionOptions {
  /** A connection that is silent for this long is closed, and the download continues over another. Default 60 000 ms. */
  readonly stallTimeoutMs?: number | undefined
  /** Called with each chunk. A promise that it returns is awaited before the next one is read. */
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | undefined) => unknown) | undefined
}

export interface SaveCallOptions
  extends CallOptions, NamingOptions, Pick<DownloadCallOptions, "rendition" | "onProgress"> {}

/** Notes the intent and the job as soon as they are known, so that an abort doesn't lose them. */
export const toSubmitOptions = (call: SubmitCallOptions | undefined, record: CallRecord): SubmitOptions => {
  checkOptions(call, {
    maxCost: "amount",
    ipDetection: "flag",
    queueTimeoutMs: "milliseconds",
    responseTimeoutMs: "milliseconds",
    reconcileTimeoutMs: "milliseconds",
    totalTimeoutMs: "milliseconds",
    ifUncertain: ["fail", "resubmit"],
    ifAtCeiling: ["wait", "fail"],
    onWaiting: "callback",
    requestKey: "text",
    identifyBySeed: "flag",
    onSending: "callback",
    onSubmitted: "callback",
  })
  const { onSending, onWaiting, onSubmitted = () => undefined } = call ?? {}
  return {
    maxCost: call?.maxCost,
    ipDetection: call?.ipDetection,
    queueTimeout: inMillis(call?.queueTimeoutMs),
    responseTimeout: inMillis(call?.responseTimeoutMs),
    reconcileTimeout: inMillis(call?.reconcileTimeoutMs),
    totalTimeout: inMillis(call?.totalTimeoutMs),
    ifUncertain: call?.ifUncertain,
    ifAtCeiling: call?.ifAtCeiling,
    onWaiting: onWaiting && ((wait) => awaitCallback(onWaiting, wait)),
    requestKey: call?.requestKey,
    identifyBySeed: call?.identifyBySeed,
    onSending: onSending && ((intent) => awaitCallback(onSending, intent)),
    onMaybeAccepted: (intent) => {
      record.intent = intent
    },
    onSubmitted: (submission) => {
      record.job = submission.job
      record.isJobAwaited = true
      return awaitCallback(onSubmitted, submission)
    },
  }
}

export const toWaitOptions = (call: WaitCallOptions | undefined, record: CallRecord): WaitOptions => {
  checkOptions(call, { timeoutMs: "milliseconds", stopAtApproval: "flag", onUpdate: "callback" })
  const onUpdate = call?.onUpdate
  return {
    timeout: inMillis(call?.timeoutMs),
    stopAtApproval: call?.stopAtApproval,
    onUpdate: onUpdate && ((update) => runCallback(record, "onUpdate", onUpdate, update)),
  }
}

export const toDownloadOptions = (
  call: DownloadCallOptions | undefined,
  record: CallRecord,
): DownloadOptions => {
  checkOptions(call, {
    rendition: ["file", "original", "preview"],
    stallTimeoutMs: "milliseconds",
    onProgress: "callback",
  })
  return {
    rendition: call?.rendition,
    stallTimeout: inMillis(call?.stallTimeoutMs),
    onProgress: toProgress(call, record),
  }
}

export const toSaveOptions = (call: SaveCallOptions | undefined, record: CallRecord): SaveOptions => {
  checkOptions(call, {
    rendition: ["file", "original", "preview"],
    nameTemplate: "text",
    onProgress: "callback",
  })
  return { ...call, onProgress: toProgress(call, record) }
}

const toProgress = (
  call: Pick<DownloadCallOptions, "onProgress"> | undefined,
  record: CallRecord,
): DownloadOptions["onProgress"] => {
  const onProgress = call?.onProgress
  return onProgress && ((received, total) => runCallback(record, "onProgress", onProgress, received, total))
}

export const inMillis = (milliseconds: number | undefined): Duration.Duration | undefined =>
  milliseconds === undefined ? undefined : Duration.millis(milliseconds)
