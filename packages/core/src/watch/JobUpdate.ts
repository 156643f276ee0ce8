import type { Job, JobStep } from "../api/Job.ts"

/** What changed about a job that is being watched. Failure and cancellation are typed errors, not updates. */
export type JobUpdate =
  /** Waiting for its turn or for a machine: `pending`, `queued`, `warming-up`. */
  | { readonly _tag: "JobQueued"; readonly job: Job }
  /** Being worked on, or in an unknown status. `progress` is 0..1, if the API gives it. */
  | { readonly _tag: "JobProgressed"; readonly job: Job; readonly progress: number | undefined }
  /** A workflow that waits until a person approves, rejects, or selects. */
  | { readonly _tag: "JobAwaitsApproval"; readonly job: Job; readonly steps: ReadonlyArray<JobStep> }
  | { readonly _tag: "JobSucceeded"; readonly job: Job }
