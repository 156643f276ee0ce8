import { Duration } from "effect"
import type { DownloadOptions } from "../deliver/FileReader.ts"
import type { SaveOptions } from "../deliver/node/save.ts"
import type { SubmitOptions } from "../submit/Generations.ts"
import type { Submission } from "../submit/Submission.ts"
import type { WaitOptions } from "../watch/Jobs.ts"
import type { JobUpdate } from "../watch/JobUpdate.ts"
import type { CallRecord } from "./CallRecord.ts"
import { checkOptions } from "./checkOptions.ts"
import type { CallOptions } from "./PromiseRuntime.ts"
import { runCallback } from "./runCallback.ts"

export interface SubmitCallOptions extends CallOptions {
  /** Compute units. The price is asked for first; above this nothing is submitted. */
  readonly maxCost?: number | undefined
  /** How long to queue while Scenario takes no more for now. Milliseconds, default 60 000. */
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
  /** `resubmit`: if no job can be found after a lost response, submit again; it may be paid twice. Default `fail`. */
  readonly ifUncertain?: "fail" | "resubmit" | undefined
  /**
   * Called as soon as the job is known, even if the call was aborted meanwhile: the place to store it. A promise that it
   * returns is awaited; if it fails, `CallbackFailed` carries the job.
   */
  readonly onSubmitted?: ((submission: Submission) => unknown) | undefined
}

export interface WaitCallOptions extends CallOptions {
  /** Milliseconds, default 1 800 000 (half an hour). When it is up the job still runs: `WaitTimedOut` carries it. */
  readonly timeoutMs?: number | undefined
  /** Called on change only. A promise that it returns is awaited; if it fails, `CallbackFailed` carries the job. */
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

export interface DownloadCallOptions extends CallOptions, Pick<DownloadOptions, "rendition"> {
  /** A connection that is silent for this long is given up, and the download goes on over another. Default 60 000 ms. */
  readonly stallTimeoutMs?: number | undefined
  /** Called with each chunk. A promise that it returns is awaited before the next one is read. */
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | undefined) => unknown) | undefined
}

export interface SaveCallOptions
  extends CallOptions, Omit<SaveOptions, "onProgress">, Pick<DownloadCallOptions, "onProgress"> {}

/** Notes the job as soon as it is known, so that an abort doesn't lose it. */
export const toSubmitOptions = (call: SubmitCallOptions | undefined, record: CallRecord): SubmitOptions => {
  checkOptions(call, {
    maxCost: "amount",
    queueTimeoutMs: "milliseconds",
    responseTimeoutMs: "milliseconds",
    reconcileTimeoutMs: "milliseconds",
    totalTimeoutMs: "milliseconds",
    ifUncertain: ["fail", "resubmit"],
    onSubmitted: "callback",
  })
  const { onSubmitted = () => undefined } = call ?? {}
  return {
    maxCost: call?.maxCost,
    queueTimeout: inMillis(call?.queueTimeoutMs),
    responseTimeout: inMillis(call?.responseTimeoutMs),
    reconcileTimeout: inMillis(call?.reconcileTimeoutMs),
    totalTimeout: inMillis(call?.totalTimeoutMs),
    ifUncertain: call?.ifUncertain,
    onSubmitted: (submission) => {
      record.job = submission.job
      return runCallback(record, "onSubmitted", onSubmitted, submission)
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
    rendition: ["file", "preview"],
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
    rendition: ["file", "preview"],
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
