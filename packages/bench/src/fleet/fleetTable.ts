import { mean, quantile } from "../statistics.ts"
import { type Report, percent, seconds } from "../Table.ts"
import { type Kind, createWorkload } from "../world/workload.ts"
import type { FleetRun } from "./FleetRun.ts"
import { simulateNaiveFleet } from "./simulateNaiveFleet.ts"
import { simulateLibraryFleet, simulateSubmittedFleet } from "./simulateLibraryFleet.ts"

export interface FleetFigures {
  readonly client: Client
  readonly kind: Kind
  readonly jobs: number
  readonly requestsPerJob: number
  readonly busiestMinute: number
  readonly refused: number
  readonly meanMs: number
  readonly p95Ms: number
  /** The largest distance of a seed's p95 from the mean. */
  readonly p95SpreadMs: number
  readonly maxMs: number
  /** Time until the last asset was available, divided by the longest job. */
  readonly drain: number
}

type Client =
  | "naive, 429"
  | "naive, queue"
  | "ours"
  | "ours, x3 dilution"
  | "ours, no history"
  | "ours, submits in the budget"

const seeds = [7, 8, 9]
/** Small fleets vary more, so they run with more seeds. */
const seedsForFewJobs = Array.from({ length: 24 }, (_, index) => 7 + index)
const sizes = [1, 10, 100, 1_000]
const kinds = ["image", "video"] as const

const averageRuns = (
  client: Client,
  kind: Kind,
  jobs: number,
  runs: ReadonlyArray<FleetRun & { maxJobMs: number }>,
) => {
  const over = (figure: (run: FleetRun & { maxJobMs: number }) => number) => mean(runs.map(figure))
  const p95s = runs.map((run) => quantile(run.delaysMs, 0.95))
  return {
    client,
    kind,
    jobs,
    requestsPerJob: over((run) => run.requests / jobs),
    busiestMinute: Math.max(...runs.map((run) => run.busiestMinute)),
    refused: over((run) => run.refused / run.requests),
    meanMs: over((run) => mean(run.delaysMs)),
    p95Ms: mean(p95s),
    p95SpreadMs: Math.max(...p95s.map((p95) => Math.abs(p95 - mean(p95s)))),
    maxMs: over((run) => Math.max(...run.delaysMs)),
    drain: over((run) => run.drainMs / run.maxJobMs),
  } satisfies FleetFigures
}

const getSeeds = (jobs: number) => (jobs <= 10 ? seedsForFewJobs : seeds)

export const measureFleets = async (): Promise<ReadonlyArray<FleetFigures>> => {
  const figures: Array<FleetFigures> = []
  const add = async (
    client: Client,
    kind: Kind,
    count: number,
    run: (jobs: ReturnType<typeof createWorkload>) => FleetRun | Promise<FleetRun>,
    tried = seeds,
  ) => {
    const runs: Array<FleetRun & { maxJobMs: number }> = []
    for (const seed of tried) {
      const jobs = createWorkload(kind, count, seed)
      runs.push({ ...(await run(jobs)), maxJobMs: Math.max(...jobs.map((job) => job.durationMs)) })
    }
    figures.push(averageRuns(client, kind, count, runs))
  }
  const one = seeds.slice(0, 1)
  for (const kind of kinds) {
    for (const size of sizes) {
      await add(
        "naive, 429",
        kind,
        size,
        (jobs) => simulateNaiveFleet(jobs, false),
        size >= 1_000 ? one : getSeeds(size),
      )
      await add("naive, queue", kind, size, (jobs) => simulateNaiveFleet(jobs, true), getSeeds(size))
      await add("ours", kind, size, (jobs) => simulateLibraryFleet(jobs, 1), getSeeds(size))
    }
    await add("ours, x3 dilution", kind, 1_000, (jobs) => simulateLibraryFleet(jobs, 3))
    await add("ours, no history", kind, 1_000, (jobs) => simulateLibraryFleet(jobs, 1, []))
  }
  await add("ours, submits in the budget", "image", 1_000, simulateSubmittedFleet, one)
  await add("naive, queue", "image", 10_000, (jobs) => simulateNaiveFleet(jobs, true), one)
  await add("ours", "image", 10_000, (jobs) => simulateLibraryFleet(jobs, 1))
  await add("naive, queue", "video", 10_000, (jobs) => simulateNaiveFleet(jobs, true), one)
  await add("ours", "video", 10_000, (jobs) => simulateLibraryFleet(jobs, 1), one)
  return figures
}

export const reportFleets = (figures: ReadonlyArray<FleetFigures>): Report => {
  const find = (client: Client, kind: Kind, jobs: number) => {
    const found = figures.find((row) => row.client === client && row.kind === kind && row.jobs === jobs)
    if (found === undefined) throw new Error(`no row ${client} ${kind} ${jobs}`)
    return found
  }
  const thousand = find("ours", "image", 1_000)
  const diluted = find("ours, x3 dilution", "image", 1_000)
  const large = find("ours", "image", 10_000)
  const small = kinds.flatMap((kind) =>
    [1, 10].map((size) => ({ ours: find("ours", kind, size), naive: find("naive, queue", kind, size) })),
  )
  const ours = figures.filter((row) => row.client.startsWith("ours"))
  const busiest = Math.max(...ours.map((row) => row.busiestMinute))
  const refused = Math.max(...ours.map((row) => row.refused))
  const unfairness = kinds.map((kind) => find("ours", kind, 1_000).maxMs / find("ours", kind, 1_000).p95Ms)
  return {
    tables: kinds.map((kind) => ({
      title: `[S] fleet of ${kind} jobs under 100 requests a minute, to the asset's record (seeds ${seeds.join(", ")}, ${seedsForFewJobs.length} seeds if N <= 10, ± the largest distance from the mean; one seed for large naive fleets and for video with N = 10,000)`,
      columns: ["client", "N", "req/job", "busiest min", "refused", "mean", "p95", "max", "drain/longest"],
      rows: figures
        .filter((row) => row.kind === kind)
        .map((row) => [
          row.client,
          String(row.jobs),
          row.requestsPerJob.toFixed(row.requestsPerJob < 1 ? 3 : 1),
          String(row.busiestMinute),
          percent(row.refused),
          `${seconds(row.meanMs)} s`,
          `${seconds(row.p95Ms)}${row.p95SpreadMs === 0 ? "" : ` ±${seconds(row.p95SpreadMs)}`} s`,
          `${seconds(row.maxMs)} s`,
          row.drain.toFixed(2),
        ]),
    })),
    goals: [
      {
        number: 6,
        text: "N = 1,000 image: p95 <= 8 s, <= 0.2 requests per job, <= 100 in any minute, none refused; x3: p95 <= 16 s; N = 10,000: p95 <= 60 s, drain <= 1.1; N <= 10: no worse than a queue",
        figure: [
          `N = 1,000 ${seconds(thousand.p95Ms)} s, ${thousand.requestsPerJob.toFixed(3)}`,
          `busiest minute ${busiest}, refused ${percent(refused)}`,
          `x3 ${seconds(diluted.p95Ms)} s`,
          `N = 10,000 ${seconds(large.p95Ms)} s, drain ${large.drain.toFixed(2)}`,
          `N <= 10 ${small.map(({ ours, naive }) => `${ours.kind} ${ours.jobs}: ${seconds(ours.p95Ms)} to ${seconds(naive.p95Ms)} s`).join(", ")}`,
        ].join("; "),
        isMet:
          thousand.p95Ms <= 8_000 &&
          thousand.requestsPerJob <= 0.2 &&
          busiest <= 100 &&
          refused === 0 &&
          diluted.p95Ms <= 16_000 &&
          large.p95Ms <= 60_000 &&
          large.drain <= 1.1 &&
          small.every(({ ours, naive }) => ours.p95Ms <= naive.p95Ms),
      },
      {
        number: 7,
        text: "fairness: the maximum of N = 1,000 <= 3 x p95",
        figure: kinds.map((kind, index) => `${kind} ${(unfairness[index] ?? 0).toFixed(2)}`).join(", "),
        isMet: unfairness.every((ratio) => ratio <= 3),
      },
    ],
  }
}
