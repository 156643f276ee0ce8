import type { JobRef } from "../api/Job.ts"
import type { SubmitIntent } from "../submit/SubmitIntent.ts"
import type { CallRecord } from "./CallRecord.ts"

/**
 * The call was ended by its `signal`, or by `close()`. Its `name` is `AbortError`, or `TimeoutError` if the signal was
 * `AbortSignal.timeout`'s, as with `fetch`; `cause` is the signal's reason, always. Nothing is lost: a submitted job continues,
 * and comes with the error.
 */
export class CallAborted extends Error {
  /** The job that the call was about. An abort never cancels it. */
  readonly job: JobRef | undefined
  /** What was being submitted, if its job is not known yet: it may have been accepted. */
  readonly intent: SubmitIntent | undefined

  constructor(record: Pick<CallRecord, "job" | "intent" | "isJobAwaited">, reason: unknown) {
    super(describe(record), { cause: reason })
    this.name = reason instanceof Error && reason.name === "TimeoutError" ? reason.name : "AbortError"
    this.job = record.job
    this.intent = record.intent
  }
}

const describe = ({
  job,
  intent,
  isJobAwaited,
}: Pick<CallRecord, "job" | "intent" | "isJobAwaited">): string => {
  if (job !== undefined && isJobAwaited) {
    return `The call was aborted. Job ${job.jobId} continues and is billed: wait for it again by its ID.`
  }
  return intent === undefined
    ? "The call was aborted."
    : "The call was aborted while a generation was being submitted, which may have been accepted: reconcile its intent before you submit it again."
}
