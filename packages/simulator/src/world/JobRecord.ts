import type { Json, JsonObject } from "../json.ts"
import type { JobStatus, Outcome, ProgressStyle, StatusChange } from "./jobTimeline.ts"

/** How a test wants the next job to run. Everything else has defaults. */
export interface JobPlan {
  /** Replaces the generated ID. */
  readonly jobId?: string | undefined
  /** From creation to the end, in simulated ms. */
  readonly durationMs?: number | undefined
  readonly outcome?: Outcome | undefined
  /** `metadata.error`. A success can have one too. */
  readonly error?: string | null | undefined
  /** `metadata.hint` of a failure. */
  readonly hint?: string | undefined
  /** Whether a failure isn't refunded, as after moderation by a provider. */
  readonly disableRefund?: boolean | undefined
  /** Statuses in sequence, each for the same time. A final status ends the job. */
  readonly statuses?: ReadonlyArray<JobStatus> | undefined
  readonly assetCount?: number | undefined
  /** A status for the second half of `in-progress`, such as an unknown one. */
  readonly unknownStatus?: string | undefined
  /** From this age on, in simulated ms, the job is not found (404). */
  readonly vanishAfterMs?: number | undefined
  readonly progress?: ProgressStyle | undefined
}

/** A job in the simulator. Its whole timeline is planned when it is created. */
export interface JobRecord {
  readonly jobId: string
  readonly jobType: string
  readonly createdAt: number
  timeline: ReadonlyArray<StatusChange>
  readonly progress: ProgressStyle
  readonly authorId: string
  readonly ownerId: string
  /** The accepted body, echoed in `metadata.input`. */
  readonly input: Json
  readonly modelId: string | undefined
  readonly assetIds: ReadonlyArray<string>
  readonly output: JsonObject | undefined
  readonly error: string | null | undefined
  readonly hint: string | undefined
  readonly disableRefund: boolean
  /** Compute units. `undefined` if the job isn't charged. */
  readonly price: number | undefined
  readonly vanishesAt: number | undefined
  readonly hidesResults: boolean
  readonly workflowId: string | undefined
  /** When it appears in the list of jobs. It can be read by its ID before. */
  readonly listedFrom: number
  /** The steps of a workflow's job at a given time. */
  readonly flow: ((now: number) => ReadonlyArray<JsonObject>) | undefined
}
