import type { AccountServices } from "@scenario-automation/core"
import { type Effect, Stream } from "effect"
import type { IDataObject, INodeProperties } from "n8n-workflow"
import { limitFields } from "../fields/lists.ts"
import type { Item } from "../Item.ts"
import type { ItemError } from "../nodeError.ts"
import type { Operation } from "../Operation.ts"
import { collect } from "../output/collect.ts"

interface Listing<A> extends Pick<Operation, "action" | "description"> {
  /** Above the limit. */
  readonly what?: INodeProperties
  /** Beneath it. */
  readonly filters?: INodeProperties
  readonly list: (item: Item) => Effect.Effect<Stream.Stream<A, ItemError>, never, AccountServices>
  readonly json: (entry: A) => IDataObject
}

const makeListing =
  (value: string, name: string) =>
  <A>({ action, description, what, filters, list, json }: Listing<A>): Operation => ({
    value,
    name,
    action,
    description,
    fields: [
      ...(what === undefined ? [] : [what]),
      ...limitFields,
      ...(filters === undefined ? [] : [filters]),
    ],
    run: (item) => collect(item, Stream.unwrap(list(item)), json),
  })

export const makeGetMany = makeListing("getMany", "Get Many")

export const makeSearch = makeListing("search", "Search")
