import type { AccountServices } from "@scenario-automation/core"
import type { Effect } from "effect"
import type { IBinaryKeyData, IDataObject, INodeProperties } from "n8n-workflow"
import type { Item } from "./Item.ts"
import type { ItemError } from "./nodeError.ts"

/** An output item; `executeItems` adds n8n's `pairedItem`. */
export interface ItemResult {
  readonly json: IDataObject
  readonly binary?: IBinaryKeyData | undefined
}

export interface Operation {
  readonly value: string
  readonly name: string
  /** The name in n8n's list of actions. */
  readonly action: string
  readonly description: string
  /** Shown only with this operation. */
  readonly fields: ReadonlyArray<INodeProperties>
  /** Runs once, before all items. If it fails, no item runs. */
  readonly beforeAll?: (items: ReadonlyArray<Item>) => Effect.Effect<void, ItemError, AccountServices>
  readonly run: (item: Item) => Effect.Effect<ReadonlyArray<ItemResult>, ItemError, AccountServices>
  /** Runs once, after all items, with the items that succeeded. Returns the errors of those that fail after all. */
  readonly afterAll?: (
    items: ReadonlyArray<Item>,
  ) => Effect.Effect<ReadonlyMap<Item, ItemError>, never, AccountServices>
}

export interface Resource {
  readonly value: string
  readonly name: string
  readonly description: string
  readonly operations: ReadonlyArray<Operation>
  /** Selected by default. */
  readonly first: Operation
}
