import type { Simulator } from "@scenario-automation/simulator"

/** Method and path of all requests, in their order. */
export const sent = (simulator: Simulator): ReadonlyArray<string> =>
  simulator.requests().map(({ method, path }) => `${method} ${path.replace("/v1", "")}`)

export const queries = (simulator: Simulator) => simulator.requests().map(({ query }) => query)

/** The submits, without those that only asked for the price. */
export const submitsIn = (simulator: Simulator) =>
  simulator
    .requests()
    .filter(({ path, query }) => path.includes("/generate/") && query["dryRun"] === undefined)

/** The polls of single jobs. */
export const pollsIn = (simulator: Simulator) =>
  simulator.requests().filter(({ method, path }) => method === "GET" && /\/jobs\/[^/]+$/.test(path))
