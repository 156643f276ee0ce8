import type { JobRef } from "../api/Job.ts"
import type { SubmitIntent } from "../submit/SubmitIntent.ts"
import type { CallRecord } from "./CallRecord.ts"

/**
 * The call was ended by its `signal`, or by `close()`. Its `name` is `AbortError`, or `TimeoutError` if the signal was
 * `AbortSignal.timeout`'s, as with `fetch`; `cause` is the signal's reason, always. Nothing is lost: a submitted job goes on,
 * and comes with the error.
 */
export class CallAborted extends Error {
  /** The job that the call was about. It goes on, and is billed. */
  readonly job: JobRef | undefined
  /** What was being submitted, if its job is not known yet: it may have been accepted. */
  readonly intent: SubmitIntent | undefined

  constructor({ job, intent }: Pick<CallRecord, "job" | "intent">, reason: unknown) {
    super(describe(job, intent), { cause: reason })
    this.name = reason instanceof Error && reason.name === "TimeoutError" ? reason.name : "AbortError"
    this.job = job
    this.intent = intent
  }
}

const describe = (job: JobRef | undefined, intent: SubmitIntent | undefined): string => {
  if (job !== undefined) {
    return `The call was aborted. Job ${job.jobId} goes on and is billed: wait for it again by its ID.`
  }
  return intent === undefined
    ? "The call was aborted."
    : "The call was aborted while a generation was being submitted, which may have been accepted: reconcile its intent before you submit it again."
}
