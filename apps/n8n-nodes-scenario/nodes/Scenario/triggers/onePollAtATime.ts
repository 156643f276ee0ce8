import type { IPollFunctions } from "n8n-workflow"

/** Nodes that are polling, by workflow and node. */
const polling = new Set<string>()

/**
 * Runs one poll of a node at a time. n8n begins the next one when its time has come, also if the last one still runs; both
 * would begin at the same cursor and report the same events. `undefined` if another poll is running: what is new stays new
 * for the next one.
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
