import type { Job, JobStep } from "../api/Job.ts"

/** What changed at a job that is being watched. Failure and cancellation are not updates but typed errors. */
export type JobUpdate =
  /** Waiting for its turn or for a machine: `pending`, `queued`, `warming-up`. */
  | { readonly _tag: "JobQueued"; readonly job: Job }
  /** Being worked on, or in a status that is unknown today. `progress` is 0..1 where the API gives it. */
  | { readonly _tag: "JobProgressed"; readonly job: Job; readonly progress: number | undefined }
  /** A workflow that stands still until somebody approves, rejects or selects. */
  | { readonly _tag: "JobAwaitsApproval"; readonly job: Job; readonly steps: ReadonlyArray<JobStep> }
  | { readonly _tag: "JobSucceeded"; readonly job: Job }
