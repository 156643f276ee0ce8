import { Context } from "effect"

/**
 * Whether the request that is being sent must not be sent again by anything below: no proxy of ours, no client, no platform.
 * True for every call that is not repeatable. Transports may read it; `layerFetch` does.
 */
export const sentOnce: Context.Reference<boolean> = Context.Reference<boolean>(
  "@scenario-automation/core/sentOnce",
  { defaultValue: () => false },
)
