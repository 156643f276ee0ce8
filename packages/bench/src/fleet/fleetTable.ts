import { mean, quantile } from "../statistics.ts"
import { type Findings, percent, seconds } from "../Table.ts"
import { type Kind, workloadOf } from "../world/workload.ts"
import type { FleetRun } from "./FleetRun.ts"
import { naiveFleet } from "./naive.ts"
import { oursFleet, oursSubmittedFleet } from "./oursFleet.ts"

export interface FleetFigures {
  readonly who: Who
  readonly kind: Kind
  readonly jobs: number
  readonly requestsPerJob: number
  readonly busiestMinute: number
  readonly refused: number
  readonly meanMs: number
  readonly p95Ms: number
  /** How far the p95 of a seed lies from that, at most. */
  readonly p95SpreadMs: number
  readonly longestMs: number
  /** Until the last was in hand, over the longest job. */
  readonly drain: number
}

type Who =
  | "naive, 429"
  | "naive, queue"
  | "ours"
  | "ours, x3 dilution"
  | "ours, models never seen"
  | "ours, submits in the budget"

const seeds = [7, 8, 9]
/** Of few jobs each run says little. */
const seedsOfFew = Array.from({ length: 24 }, (_, index) => 7 + index)
const sizes = [1, 10, 100, 1_000]
const kinds = ["image", "video"] as const

const figuresOf = (
  who: Who,
  kind: Kind,
  jobs: number,
  runs: ReadonlyArray<FleetRun & { longestJobMs: number }>,
) => {
  const over = (figure: (run: FleetRun & { longestJobMs: number }) => number) => mean(runs.map(figure))
  const p95s = runs.map((run) => quantile(run.delaysMs, 0.95))
  return {
    who,
    kind,
    jobs,
    requestsPerJob: over((run) => run.requests / jobs),
    busiestMinute: Math.max(...runs.map((run) => run.busiestMinute)),
    refused: over((run) => run.refused / run.requests),
    meanMs: over((run) => mean(run.delaysMs)),
    p95Ms: mean(p95s),
    p95SpreadMs: Math.max(...p95s.map((p95) => Math.abs(p95 - mean(p95s)))),
    longestMs: over((run) => Math.max(...run.delaysMs)),
    drain: over((run) => run.drainMs / run.longestJobMs),
  } satisfies FleetFigures
}

const seedsOf = (jobs: number) => (jobs <= 10 ? seedsOfFew : seeds)

export const measureFleets = async (): Promise<ReadonlyArray<FleetFigures>> => {
  const figures: Array<FleetFigures> = []
  const add = async (
    who: Who,
    kind: Kind,
    count: number,
    run: (jobs: ReturnType<typeof workloadOf>) => FleetRun | Promise<FleetRun>,
    tried = seeds,
  ) => {
    const runs: Array<FleetRun & { longestJobMs: number }> = []
    for (const seed of tried) {
      const jobs = workloadOf(kind, count, seed)
      runs.push({ ...(await run(jobs)), longestJobMs: Math.max(...jobs.map((job) => job.durationMs)) })
    }
    figures.push(figuresOf(who, kind, count, runs))
  }
  const one = seeds.slice(0, 1)
  for (const kind of kinds) {
    for (const size of sizes) {
      await add(
        "naive, 429",
        kind,
        size,
        (jobs) => naiveFleet(jobs, false),
        size >= 1_000 ? one : seedsOf(size),
      )
      await add("naive, queue", kind, size, (jobs) => naiveFleet(jobs, true), seedsOf(size))
      await add("ours", kind, size, (jobs) => oursFleet(jobs, 1), seedsOf(size))
    }
    await add("ours, x3 dilution", kind, 1_000, (jobs) => oursFleet(jobs, 3))
    await add("ours, models never seen", kind, 1_000, (jobs) => oursFleet(jobs, 1, []))
  }
  await add("ours, submits in the budget", "image", 1_000, oursSubmittedFleet, one)
  await add("naive, queue", "image", 10_000, (jobs) => naiveFleet(jobs, true), one)
  await add("ours", "image", 10_000, (jobs) => oursFleet(jobs, 1))
  await add("naive, queue", "video", 10_000, (jobs) => naiveFleet(jobs, true), one)
  await add("ours", "video", 10_000, (jobs) => oursFleet(jobs, 1), one)
  return figures
}

export const findingsOfFleets = (figures: ReadonlyArray<FleetFigures>): Findings => {
  const of = (who: Who, kind: Kind, jobs: number) => {
    const found = figures.find((row) => row.who === who && row.kind === kind && row.jobs === jobs)
    if (found === undefined) throw new Error(`no row ${who} ${kind} ${jobs}`)
    return found
  }
  const thousand = of("ours", "image", 1_000)
  const diluted = of("ours, x3 dilution", "image", 1_000)
  const large = of("ours", "image", 10_000)
  const small = kinds.flatMap((kind) =>
    [1, 10].map((size) => ({ ours: of("ours", kind, size), naive: of("naive, queue", kind, size) })),
  )
  const ours = figures.filter((row) => row.who.startsWith("ours"))
  const busiest = Math.max(...ours.map((row) => row.busiestMinute))
  const refused = Math.max(...ours.map((row) => row.refused))
  const unfairness = kinds.map((kind) => of("ours", kind, 1_000).longestMs / of("ours", kind, 1_000).p95Ms)
  return {
    tables: kinds.map((kind) => ({
      title: `[S] fleet of ${kind} jobs under 100 requests a minute, to the asset's record (seeds ${seeds.join(", ")}, ${seedsOfFew.length} of them where N <= 10, ± the one that lies furthest off; one where a loop a job is queued or refused a thousandfold, and for video where N = 10,000)`,
      columns: ["who", "N", "req/job", "busiest min", "refused", "mean", "p95", "max", "drain/longest"],
      rows: figures
        .filter((row) => row.kind === kind)
        .map((row) => [
          row.who,
          String(row.jobs),
          row.requestsPerJob.toFixed(row.requestsPerJob < 1 ? 3 : 1),
          String(row.busiestMinute),
          percent(row.refused),
          `${seconds(row.meanMs)} s`,
          `${seconds(row.p95Ms)}${row.p95SpreadMs === 0 ? "" : ` ±${seconds(row.p95SpreadMs)}`} s`,
          `${seconds(row.longestMs)} s`,
          row.drain.toFixed(2),
        ]),
    })),
    goals: [
      {
        number: 6,
        text: "N = 1,000 image: p95 <= 8 s, <= 0.2 requests a job, <= 100 in any minute, none refused; x3: p95 <= 16 s; N = 10,000: p95 <= 60 s, drain <= 1.1; N <= 10: no worse than a queue",
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
        text: "fairness: the latest of a thousand no later than 3 x p95",
        figure: kinds.map((kind, index) => `${kind} ${(unfairness[index] ?? 0).toFixed(2)}`).join(", "),
        isMet: unfairness.every((ratio) => ratio <= 3),
      },
    ],
  }
}
