import { Context, type Effect } from "effect"
import type { StoredWait } from "../storage/StoredWait.ts"

/** The accounts that this process follows: all of them if it is the only one, otherwise those that the cluster gave it. */
export class Owners extends Context.Service<
  Owners,
  {
    /** A wait was stored by this process. */
    readonly onStored: (wait: StoredWait) => Effect.Effect<void>
    /** A wait was canceled by this process. */
    readonly onCanceled: (wait: StoredWait) => Effect.Effect<void>
    /** How many waits this process follows, by owner. */
    readonly getSizes: Effect.Effect<ReadonlyMap<string, number>>
    /** Whether it follows what it should: false while it starts, or has lost the cluster. */
    readonly isReady: Effect.Effect<boolean>
  }
>()("@scenario-automation/relay/Owners") {}
