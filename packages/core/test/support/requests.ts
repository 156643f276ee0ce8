import type { Simulator } from "@scenario-automation/simulator"

/** Method and path of all requests, in their order. */
export const sent = (simulator: Simulator): ReadonlyArray<string> =>
  simulator.requests().map(({ method, path }) => `${method} ${path.replace("/v1", "")}`)

export const queries = (simulator: Simulator) => simulator.requests().map(({ query }) => query)
