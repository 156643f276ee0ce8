import type { ModelInput } from "./ModelRecord.ts"

/** A step of a workflow. Steps run in sequence. */
export interface WorkflowNode {
  readonly id: string
  readonly type: "custom-model" | "remove-background" | "transform" | "user-approval" | "user-selection"
  readonly modelId?: string
  /** Simulated ms. Absent if the step waits for a person. */
  readonly durationMs?: number
  /** The number of pictures that it makes. */
  readonly assetCount?: number
}

export interface WorkflowRecord {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly status: "draft" | "ready"
  readonly privacy: "private" | "public"
  readonly tags: ReadonlyArray<string>
  readonly inputs: ReadonlyArray<ModelInput>
  readonly nodes: ReadonlyArray<WorkflowNode>
  /** Compute units per run. */
  readonly price: number
}
