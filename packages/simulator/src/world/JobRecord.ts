import type { Json, JsonObject } from "../json.ts"
import type { JobStatus, Outcome, ProgressStyle, StatusChange } from "./jobTimeline.ts"

/** What a test wants of the next job born; whatever is left out happens as usual. */
export interface JobPlan {
  /** Instead of an ID of the usual form. */
  readonly jobId?: string | undefined
  /** From newJob to the end, simulated ms. */
  readonly durationMs?: number | undefined
  readonly outcome?: Outcome | undefined
  /** `metadata.error`, of a failure or beside a success. */
  readonly error?: string | null | undefined
  /** `metadata.hint`, for a failure. */
  readonly hint?: string | undefined
  /** A failure stays charged for, as provider moderation stops do [SK]. */
  readonly disableRefund?: boolean | undefined
  /** Statuses worn one after another for equal times; the last one ends the job when it is terminal. */
  readonly statuses?: ReadonlyArray<JobStatus> | undefined
  readonly assetCount?: number | undefined
  /** A status that nobody knows, worn for the second half of `in-progress`. */
  readonly unknownStatus?: string | undefined
  /** From this age on (simulated ms) the job is 404. */
  readonly vanishAfterMs?: number | undefined
  readonly progress?: ProgressStyle | undefined
}

/** A job as the simulator keeps it: its whole life is planned at newJob and read off the clock. */
export interface JobRecord {
  readonly jobId: string
  readonly jobType: string
  readonly createdAt: number
  timeline: ReadonlyArray<StatusChange>
  readonly progress: ProgressStyle
  readonly authorId: string
  readonly ownerId: string
  /** The body as it was accepted: echoed in `metadata.input`. */
  readonly input: Json
  readonly modelId: string | undefined
  readonly assetIds: ReadonlyArray<string>
  readonly output: JsonObject | undefined
  readonly error: string | null | undefined
  readonly hint: string | undefined
  readonly disableRefund: boolean
  /** Compute Units; `undefined` for work that isn't charged. */
  readonly price: number | undefined
  readonly vanishesAt: number | undefined
  readonly hidesResults: boolean
  readonly workflowId: string | undefined
  /** When it appears on the list of jobs; it can be read by its id before. */
  readonly listedFrom: number
  /** The nodes of a workflow's job, at a moment. */
  readonly flow: ((now: number) => ReadonlyArray<JsonObject>) | undefined
}
