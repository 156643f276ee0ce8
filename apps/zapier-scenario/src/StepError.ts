import type { ApiError, Job, JobRef, ScenarioError } from "@scenario-automation/core"
import { Data } from "effect"
import type { InvalidFields } from "./fields/InvalidFields.ts"

/** Any error after a paid submit. Zapier must not repeat the step, by itself or by Autoreplay: that would be paid again. */
export class AfterSubmit extends Data.TaggedError("AfterSubmit")<{
  readonly cause: ScenarioError | InvalidFields
  readonly job: JobRef
}> {}

/** The run waits for a callback that never comes. */
export class RelayFailed extends Data.TaggedError("RelayFailed")<{ readonly job: JobRef }> {}

/** A mistake in this app, during a submit or after it. */
export class StepBroke extends Data.TaggedError("StepBroke")<{
  readonly defect: unknown
  readonly job?: JobRef | undefined
}> {}

/** The step's time was up before Scenario had imported a file. A repeated step would import it a second time. */
export class ImportPending extends Data.TaggedError("ImportPending")<{ readonly uploadId: string }> {}

/** The response to an import was lost, so it may have started; a repeated step would import the file a second time. */
export class ImportUncertain extends Data.TaggedError("ImportUncertain")<{ readonly cause: ScenarioError }> {}

/** The file is imported, but its asset couldn't be read. A repeated step would import it a second time. */
export class ImportedUnread extends Data.TaggedError("ImportedUnread")<{
  readonly assetId: string
  readonly cause: ScenarioError
}> {}

/** A search should hold the Zap until a generation has ended. */
export class StillRunning extends Data.TaggedError("StillRunning")<{
  readonly job: JobRef
  readonly snapshot?: Job | undefined
  readonly error?: ScenarioError | undefined
}> {}

export class StashFailed extends Data.TaggedError("StashFailed")<{ readonly cause: unknown }> {}

export type StepError =
  | ScenarioError
  | InvalidFields
  | AfterSubmit
  | RelayFailed
  | StepBroke
  | ImportPending
  | ImportUncertain
  | ImportedUnread
  | StillRunning
  | StashFailed

/** Whether Scenario doesn't have what was searched for: for a search, that is a result. */
export const isNotFound = (error: StepError): boolean =>
  error._tag === "ApiError" && error.reason._tag === "NotFound"

/** Whether Scenario can't be read for now. A rate limit isn't an outage: Zapier already retries it. */
export const isOutage = (error: StepError): error is ApiError =>
  error._tag === "ApiError" && ["Unavailable", "Unreachable", "UnexpectedBody"].includes(error.reason._tag)
