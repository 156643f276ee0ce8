import type { ModelInput } from "./ModelRecord.ts"

/** One step; steps run one after another. */
export interface WorkflowNode {
  readonly id: string
  readonly type: "custom-model" | "remove-background" | "transform" | "user-approval" | "user-selection"
  readonly modelId?: string
  /** How long it takes, simulated ms; a step that waits for a person has none. */
  readonly durationMs?: number
  /** Pictures that it makes. */
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
  /** Compute Units a run. */
  readonly price: number
}
