import type { ScenarioServices } from "@scenario-automation/core"
import type { Effect } from "effect"
import type { IBinaryKeyData, IDataObject, INodeProperties } from "n8n-workflow"
import type { Item } from "./Item.ts"
import type { ItemError } from "./nodeError.ts"

/** What comes out of one input item; `executeItems` adds n8n's `pairedItem`. */
export interface ItemResult {
  readonly json: IDataObject
  readonly binary?: IBinaryKeyData | undefined
}

/** One operation of the node: how it shows in the panel, and what it does with one item. */
export interface Operation {
  readonly value: string
  readonly name: string
  /** As n8n's list of actions shows it. */
  readonly action: string
  readonly description: string
  /** Shown only with this operation. */
  readonly fields: ReadonlyArray<INodeProperties>
  readonly run: (item: Item) => Effect.Effect<ReadonlyArray<ItemResult>, ItemError, ScenarioServices>
}

export interface Resource {
  readonly value: string
  readonly name: string
  readonly description: string
  readonly operations: ReadonlyArray<Operation>
  /** The one that is chosen first. */
  readonly first: Operation
}
