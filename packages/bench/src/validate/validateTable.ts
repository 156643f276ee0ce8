import { setTimeout as sleep } from "node:timers/promises"
import { waitForJobs } from "../fleet/library.ts"
import { mean, quantile } from "../statistics.ts"
import { seconds, type Table } from "../Table.ts"
import { type Peer, peers } from "../wait/peers.ts"
import { type Outcome, simulateLibrary, simulatePeer } from "../wait/simulateClients.ts"
import { InMemoryApi } from "../world/InMemoryApi.ts"
import { VirtualTime } from "../world/VirtualTime.ts"
import { assumptions, type PlannedJob, createWorkload } from "../world/workload.ts"
import { RealApi } from "./RealApi.ts"

interface Run {
  readonly requestsPerJob: number
  readonly meanMs: number
  readonly p95Ms: number
  readonly refused: number
}

/** The same jobs, in real time and simulated. */
export interface ValidateFigures {
  readonly client: string
  readonly jobs: number
  readonly real: Run
  readonly simulated: Run
}

const maxDurationMs = 60_000
/** Long jobs are dropped, not cut to a minute: if all ended together with a loop's polls, that would decide its delay. */
const shortJobs = (count: number, seed: number): ReadonlyArray<PlannedJob> =>
  createWorkload("image", 3 * count, seed)
    .filter((job) => job.durationMs <= maxDurationMs)
    .map((job) => ({ ...job, durationMs: Math.round(job.durationMs) }))
    .slice(0, count)

const waits = shortJobs(40, 31)
const fleet = shortJobs(60, 32)

/** Clients without randomness: forty jobs say little about the others. */
const fixed = new Set([
  "Scenario SDK",
  "loop, 3 s",
  "loop, 1 s",
  "p-wait-for",
  "fal client",
  "replicate",
  "azure core-lro",
])

const toRun = (outcomes: ReadonlyArray<Outcome>): Run => {
  const delays = outcomes.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]))
  return {
    requestsPerJob: mean(outcomes.map(({ polls }) => polls)),
    meanMs: mean(delays),
    p95Ms: quantile(delays, 0.95),
    refused: 0,
  }
}

const runPeer = async (wait: Peer["wait"], api: RealApi): Promise<Run> =>
  toRun(
    await Promise.all(
      waits.map(async (job): Promise<Outcome> => {
        const { jobId, createdAt } = api.add(job)
        let polls = 0
        await wait(
          () => {
            polls += 1
            return api.isDone(jobId)
          },
          (ms) => sleep(ms),
        )
        return { polls, delayMs: Date.now() - createdAt - job.durationMs }
      }),
    ),
  )

const runLibrary = async (api: RealApi): Promise<Run> =>
  toRun(
    await Promise.all(
      waits.map(async (job): Promise<Outcome> => {
        const added = api.add(job)
        let polls = 0
        const counted: typeof fetch = (input, init) => {
          polls += 1
          return api.fetch(input, init)
        }
        const [seenAt = 0] = await waitForJobs({ fetch: counted }, [added], [job], false)
        return { polls, delayMs: seenAt - added.createdAt - job.durationMs }
      }),
    ),
  )

const toFleetRun = (
  seen: ReadonlyArray<number>,
  jobs: ReadonlyArray<{ readonly createdAt: number }>,
  api: { readonly requests: number; readonly refused: number },
): Run => {
  const delays = seen.map((at, index) => at - (jobs[index]?.createdAt ?? 0) - (fleet[index]?.durationMs ?? 0))
  return {
    requestsPerJob: api.requests / fleet.length,
    meanMs: mean(delays),
    p95Ms: quantile(delays, 0.95),
    refused: api.refused,
  }
}

const runFleet = async (): Promise<Run> => {
  await using api = await RealApi.start(assumptions.requestsPerMinute)
  const jobs = fleet.map((job) => api.add(job))
  return toFleetRun(await waitForJobs(api, jobs, fleet), jobs, api)
}

const simulateFleet = async (): Promise<Run> => {
  const time = new VirtualTime()
  const { requestsPerMinute } = assumptions
  const api = new InMemoryApi({
    now: () => time.now,
    sleep: time.sleep,
    progress: "linear",
    requestsPerMinute,
  })
  const jobs = fleet.map((job) => ({
    createdAt: time.now,
    modelId: job.modelId,
    jobId: api.add({ ...job, createdAt: time.now }),
  }))
  const seen = await time.run(() => waitForJobs(api, jobs, fleet))
  return toFleetRun(seen, jobs, { requests: api.requests, refused: api.counts.refused })
}

const libraryRow = "ours, interactive, full library"
const fleetRow = `ours, ${fleet.length} jobs of one account`

/** Runs everything in real time at once, which takes as long as the longest job, and then in virtual time. */
export const measureValidation = async (): Promise<ReadonlyArray<ValidateFigures>> => {
  const chosen = peers.filter(({ label }) => fixed.has(label))
  await using api = await RealApi.start()
  const [realFleet, realOurs, ...realPeers] = await Promise.all([
    runFleet(),
    runLibrary(api),
    ...chosen.map(({ wait }) => runPeer(wait, api)),
  ])
  const figures: Array<ValidateFigures> = [
    {
      client: libraryRow,
      jobs: waits.length,
      real: realOurs,
      simulated: toRun(await simulateLibrary(waits, "linear")),
    },
  ]
  for (const [index, { name, wait }] of chosen.entries()) {
    const real = realPeers[index]
    if (real === undefined) continue
    figures.push({
      client: name,
      jobs: waits.length,
      real,
      simulated: toRun(await simulatePeer(wait, waits)),
    })
  }
  figures.push({ client: fleetRow, jobs: fleet.length, real: realFleet, simulated: await simulateFleet() })
  return figures
}

export const tabulateValidation = (figures: ReadonlyArray<ValidateFigures>): Table => {
  const formatDifference = (real: number, simulated: number) => {
    const share = 100 * (real / simulated - 1)
    return `${share >= 0 ? "+" : ""}${share.toFixed(1)} %`
  }
  const worst = (of: (run: Run) => number) =>
    Math.max(...figures.map(({ real, simulated }) => Math.abs(of(real) / of(simulated) - 1)))
  return {
    title: `[M] beside [S]: the same image jobs, ${maxDurationMs / 1000} s at most, in real time over sockets against the simulator and in virtual time (a fleet under ${assumptions.requestsPerMinute} requests a minute; other waits without a limit)`,
    columns: ["client", "req/job [M]", "[S]", "", "delay [M]", "[S]", "", "p95 [M]", "[S]", "refused [M]"],
    rows: figures.map(({ client, real, simulated }) => [
      client,
      real.requestsPerJob.toFixed(2),
      simulated.requestsPerJob.toFixed(2),
      formatDifference(real.requestsPerJob, simulated.requestsPerJob),
      `${seconds(real.meanMs)} s`,
      `${seconds(simulated.meanMs)} s`,
      formatDifference(real.meanMs, simulated.meanMs),
      `${seconds(real.p95Ms)} s`,
      `${seconds(simulated.p95Ms)} s`,
      String(real.refused),
    ]),
    note: `largest difference: requests ${(100 * worst((run) => run.requestsPerJob)).toFixed(1)} %, delay ${(100 * worst((run) => run.meanMs)).toFixed(1)} %`,
  }
}
