import * as Predicate from "effect/Predicate"
import { type AssetPreview, readPreview } from "./Asset.ts"
import type { AssetKind } from "./assetKinds.ts"
import { type InputDescriptor, readInputDescriptors } from "./InputDescriptor.ts"
import { makeListReader, nonEmptyText, makeObjectReader, text, textList } from "./readers.ts"

/** A node of a workflow. A running job shows its own `steps`. */
export interface WorkflowNode {
  readonly nodeId: string
  /** `custom-model`, `remove-background`, `transform`, `logic`, `user-approval`, … */
  readonly type: string
  readonly modelId?: string | undefined
}

/** Generations that run as one job. Scenario's web app calls a ready workflow an "App". */
export interface Workflow {
  readonly workflowId: string
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** Only `ready` workflows can run, not `draft` and `deleted` ones. */
  readonly status?: string | undefined
  /** `private` or `public`. */
  readonly privacy?: string | undefined
  readonly tags: ReadonlyArray<string>
  /** Lists can leave them out: get the workflow by its ID. */
  readonly inputs?: ReadonlyArray<InputDescriptor> | undefined
  readonly outputKinds: ReadonlyArray<AssetKind>
  readonly nodes: ReadonlyArray<WorkflowNode>
  /** Images of an example input and its result. */
  readonly before?: AssetPreview | undefined
  readonly after?: AssetPreview | undefined
  readonly authorId?: string | undefined
  readonly ownerId?: string | undefined
  /** ISO dates. */
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
}

const readWireWorkflow = makeObjectReader({
  id: nonEmptyText,
  workflowId: nonEmptyText,
  name: text,
  description: text,
  shortDescription: text,
  status: text,
  privacy: text,
  tagSet: textList,
  tags: textList,
  inputs: readInputDescriptors,
  outputAssetKinds: textList,
  flow: makeListReader(makeObjectReader({ type: text, modelId: text }, { id: text })),
  before: readPreview,
  after: readPreview,
  authorId: text,
  ownerId: text,
  createdAt: text,
  updatedAt: text,
})

/** Reads a workflow; `undefined` if it has no ID. */
export const readWorkflow = (body: unknown): Workflow | undefined => {
  const wire = readWireWorkflow(body)
  const workflowId = wire?.id ?? wire?.workflowId
  if (wire === undefined || workflowId === undefined) return undefined
  return {
    workflowId,
    name: wire.name,
    description: wire.description ?? wire.shortDescription,
    status: wire.status,
    privacy: wire.privacy,
    tags: wire.tagSet ?? wire.tags ?? [],
    inputs: wire.inputs,
    outputKinds: wire.outputAssetKinds ?? [],
    nodes: (wire.flow ?? []).map(({ id, type, modelId }) => ({
      nodeId: id,
      type: type ?? "unknown",
      modelId,
    })),
    before: wire.before,
    after: wire.after,
    authorId: wire.authorId,
    ownerId: wire.ownerId,
    createdAt: wire.createdAt,
    updatedAt: wire.updatedAt,
  }
}

/** Reads the `{ workflow }` of `GET /workflows/{workflowId}`. */
export const readWorkflowResponse = (body: unknown): Workflow | undefined =>
  Predicate.hasProperty(body, "workflow") ? readWorkflow(body.workflow) : undefined
