import type { JobRef } from "../api/Job.ts"
import type { CallbackFailed } from "../errors.ts"
import type { SubmitIntent } from "../submit/SubmitIntent.ts"

/** What is known about a running call. If it is aborted, its error carries this. */
export class CallRecord {
  /** The job of the call, once it is known. */
  job: JobRef | undefined
  /** Whether the call submitted the job or waits for it. Otherwise the job's status is unknown. */
  isJobAwaited = false
  /** The intent of a submit that may have been accepted, until its job is known. */
  intent: SubmitIntent | undefined
  /** The callback that ended the call. */
  callbackFailed: CallbackFailed | undefined
}
