import type { Job } from "../api/Job.ts"
import type { ApiError } from "../errors.ts"
import type { JobState } from "./JobState.ts"

/**
 * What a wait's listener receives, as plain data. The listener builds errors from it in its own fiber, so that one that
 * can't be built fails there and not in the watcher.
 */
export type WaitEvent =
  /** A poll showed something new. The wait is over if the job has ended. */
  | { readonly _tag: "JobChanged"; readonly job: Job }
  /** Polls can't succeed any more. The wait is over. */
  | { readonly _tag: "PollFailed"; readonly error: ApiError }
  /** The time is up. The wait is over. */
  | {
      readonly _tag: "TimedOut"
      readonly waitedMs: number
      /** What the last poll showed; absent if no poll succeeded. */
      readonly state: JobState | undefined
      /** How the last poll failed, if it did. */
      readonly error: ApiError | undefined
    }
  /** A bug ended the wait. The others continue. */
  | { readonly _tag: "Defect"; readonly defect: unknown }
