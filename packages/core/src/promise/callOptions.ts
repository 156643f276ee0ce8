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
import { checkCall, checkOptions, type OptionKind } from "./checkOptions.ts"
import type { CallOptions } from "./PromiseRuntime.ts"
import { awaitCallback, runCallback } from "./runCallback.ts"

export interface SubmitCallOptions extends CallOptions {
  /** Compute units. If the price is higher, nothing is submitted. Default: no limit, and no request for the price. */
  readonly maxCost?: number | undefined
  /**
   * Whether Scenario also detects protected content, and blocks requests for it. It charges a fee for that, which counts toward
   * `maxCost`. Default false.
   */
  readonly ipDetection?: boolean | undefined
  /**
   * What to do if the account already runs as many jobs as it can: `wait` for its turn, limited only by `totalTimeoutMs`, or
   * `fail` at once. Nothing is paid until the submit is accepted. Default `wait`.
   */
  readonly ifAtCeiling?: "wait" | "fail" | undefined
  /** Called when the submit starts to wait because the account runs too many jobs. Default: none. */
  readonly onWaiting?: ((wait: SubmitWait) => unknown) | undefined
  /** How long to retry while Scenario accepts no requests. Milliseconds, default 60,000. */
  readonly queueTimeoutMs?: number | undefined
  /** After this time, the response counts as lost. Milliseconds, default 60,000. */
  readonly responseTimeoutMs?: number | undefined
  /** How long to search for the job of a lost response. Milliseconds, default 15,000. */
  readonly reconcileTimeoutMs?: number | undefined
  /**
   * The limit of the whole submit, from the first check to the end of the search for a lost job. If too little time is left to
   * send safely, nothing is submitted. Milliseconds. Default: no limit.
   */
  readonly totalTimeoutMs?: number | undefined
  /**
   * `resubmit`: if no job is found after a lost response, submit once more. It may be charged twice. Default `fail`.
   */
  readonly ifUncertain?: "fail" | "resubmit" | undefined
  /**
   * Any text that names this request, such as an order number. A submit with the same key, from any process, resumes the job that
   * the first one created within the last 24 hours (unless it failed) instead of paying again. The model must have a seed that
   * identifies its jobs. If it doesn't, or if the key's job has other inputs, the call fails with `InvalidInput`. Submits in
   * several processes within the seconds until Scenario lists a new job can't see each other: repeat in one process. Default:
   * none.
   */
  readonly requestKey?: string | undefined
  /** Whether to choose a seed if none is set, so that the job can be recognized by it. Default true. */
  readonly identifyBySeed?: boolean | undefined
  /**
   * Called before the submit is sent, when files are already uploaded. If you store the intent, `reconcile` can find its job in any process. Its promise is awaited.
   * If it fails, nothing is submitted (`CallbackFailed`). Default: none.
   */
  readonly onSending?: ((intent: SubmitIntent) => unknown) | undefined
  /**
   * Called as soon as the job is known, even if the call was aborted meanwhile. Store the job here. Its promise is awaited. If it
   * fails, `CallbackFailed` carries the job. Default: none.
   */
  readonly onSubmitted?: ((submission: Submission) => unknown) | undefined
}

export interface ReconcileCallOptions extends CallOptions {
  /** How long to search for a job that may not be listed yet. Milliseconds, default 15,000. */
  readonly timeoutMs?: number | undefined
}

export interface WaitCallOptions extends CallOptions {
  /** Milliseconds, default 1,800,000 (30 minutes). After it, the job still runs, and `WaitTimedOut` carries it. */
  readonly timeoutMs?: number | undefined
  /**
   * Called only when the job has changed. Its promise is awaited, at most until the timeout. If it fails, `CallbackFailed`
   * carries the job. Default: none.
   */
  readonly onUpdate?: ((update: JobUpdate) => unknown) | undefined
  /**
   * Whether the wait ends when a workflow waits for a person to approve or select. It then fails with `WaitTimedOut`, whose
   * `awaitingApproval` names the steps. Default false.
   */
  readonly stopAtApproval?: boolean | undefined
}

export interface GenerateCallOptions extends SubmitCallOptions, WaitCallOptions {}

export interface ResolveCallOptions extends CallOptions {
  /** How long to wait for assets that are still pending. Milliseconds, default 120,000. */
  readonly timeoutMs?: number | undefined
}

export interface DownloadCallOptions extends CallOptions, RenditionOptions {
  /** If a connection is silent for this time, the download continues on another. Milliseconds, default 60,000. */
  readonly stallTimeoutMs?: number | undefined
  /** Called for each chunk. Its promise is awaited before the next chunk is read. Default: none. */
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | undefined) => unknown) | undefined
}

export interface SaveCallOptions
  extends CallOptions, NamingOptions, Pick<DownloadCallOptions, "rendition" | "onProgress"> {}

export const submitKinds: Readonly<Record<string, OptionKind>> = {
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
}

export const waitKinds: Readonly<Record<string, OptionKind>> = {
  timeoutMs: "milliseconds",
  stopAtApproval: "flag",
  onUpdate: "callback",
}

/** Records the intent and the job as soon as they are known, so that an abort doesn't lose them. */
export const toSubmitOptions = (
  call: SubmitCallOptions | undefined,
  record: CallRecord,
  moreKinds: Readonly<Record<string, OptionKind>> = {},
): SubmitOptions => {
  checkCall(call, { ...submitKinds, ...moreKinds })
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

export const toWaitOptions = (
  call: WaitCallOptions | undefined,
  record: CallRecord,
  moreKinds: Readonly<Record<string, OptionKind>> = {},
): WaitOptions => {
  checkCall(call, { ...waitKinds, ...moreKinds })
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
