import type { Simulator } from "@scenario-automation/simulator"

/** The method and path of each request, in order. */
export const listRequests = (simulator: Simulator): ReadonlyArray<string> =>
  simulator.requests().map(({ method, path }) => `${method} ${path.replace("/v1", "")}`)

/** The query of each request, in order. */
export const listQueries = (simulator: Simulator) => simulator.requests().map(({ query }) => query)

/** The submits, without dry runs. */
export const getSubmits = (simulator: Simulator) =>
  simulator
    .requests()
    .filter(({ path, query }) => path.includes("/generate/") && query["dryRun"] === undefined)

/** The polls of single jobs. */
export const getPolls = (simulator: Simulator) =>
  simulator.requests().filter(({ method, path }) => method === "GET" && /\/jobs\/[^/]+$/.test(path))

export const getCdnRequests = (simulator: Simulator) =>
  simulator.requests().filter(({ origin }) => origin === "cdn")

/** The IDs of the jobs that were charged, in order. */
export const getPaidJobIds = (simulator: Simulator) => simulator.ledger().entries.map(({ jobId }) => jobId)
