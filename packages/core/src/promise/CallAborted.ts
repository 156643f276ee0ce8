import type { JobRef } from "../api/Job.ts"
import type { SubmitIntent } from "../submit/SubmitIntent.ts"
import type { CallRecord } from "./CallRecord.ts"

/**
 * The call was ended by its `signal` or by `close()`. Its `name` is `AbortError`, or `TimeoutError` if the signal is an
 * `AbortSignal.timeout`, as with `fetch`. Its `cause` is the signal's reason. A submitted job continues, and the error carries it.
 */
export class CallAborted extends Error {
  /** The job of the call. An abort never cancels it. */
  readonly job: JobRef | undefined
  /** The intent of the submit, if its job isn't known yet. It may have been accepted. */
  readonly intent: SubmitIntent | undefined

  constructor(
    record: {
      readonly job: JobRef | undefined
      readonly intent: SubmitIntent | undefined
      readonly isJobAwaited: boolean
    },
    reason: unknown,
  ) {
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
    return `The call was aborted. Job ${job.jobId} continues and is charged: wait for it again by its ID.`
  }
  return intent === undefined
    ? "The call was aborted."
    : "The call was aborted during a submit, which may have been accepted: reconcile its intent before you submit it again."
}
