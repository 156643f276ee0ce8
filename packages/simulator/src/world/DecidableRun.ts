import type { WorkflowNode } from "../catalog/WorkflowRecord.ts"
import type { StatusChange } from "./jobTimeline.ts"

/** A run of a workflow, as approvals and selections see it. */
export interface DecidableRun {
  readonly timeline: ReadonlyArray<StatusChange>
  /** Whether this step waits for a person now. */
  isWaitingAt(nodeId: string, type: WorkflowNode["type"]): boolean
  /** Lets the waiting step pass, or ends the run. */
  decide(nodeId: string, isApproved: boolean): void
}
