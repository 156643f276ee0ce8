import type { JobRef } from "../api/Job.ts"
import type { CallbackFailed } from "../errors.ts"
import type { SubmitIntent } from "../submit/SubmitIntent.ts"

/** What a running call has come to so far. If it is aborted, its error carries this. */
export class CallRecord {
  /** The job that the call is about, once one is known. */
  job: JobRef | undefined
  /** Whether the call has submitted that job, or waits for it: otherwise nothing is known of how it stands. */
  isJobAwaited = false
  /** What may have been accepted, while its job is not known. */
  intent: SubmitIntent | undefined
  /** The callback that ended the call. */
  callbackFailed: CallbackFailed | undefined
}
