import type { IPollFunctions } from "n8n-workflow"

/** Nodes that are polling, by workflow and node. */
const polling = new Set<string>()

/**
 * Runs one poll of a node at a time. n8n starts a poll even if the last one still runs; both would report the same events.
 * `undefined` if another poll is running: the next poll reports the events.
 */
export const onePollAtATime = async <A>(
  host: Pick<IPollFunctions, "getWorkflow" | "getNode">,
  poll: () => Promise<A>,
): Promise<A | undefined> => {
  const place = JSON.stringify([host.getWorkflow().id, host.getNode().id])
  if (polling.has(place)) return undefined
  polling.add(place)
  try {
    return await poll()
  } finally {
    polling.delete(place)
  }
}
