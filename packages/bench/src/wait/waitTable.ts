import { type Findings, percent, seconds } from "../Table.ts"
import { mean, quantile } from "../statistics.ts"
import type { ProgressStyle } from "../world/InMemoryApi.ts"
import { assumptions, type Kind, kinds, type PlannedJob, workloadOf } from "../world/workload.ts"
import { lognormal } from "./durations.ts"
import { floorOf, meanOf } from "./floor.ts"
import { pacedWait } from "./pacedWait.ts"
import { type Peer, peers } from "./peers.ts"
import { type Outcome, waitAlone, waitByPeer } from "./simulatedWaits.ts"

export interface WaitFigures {
  readonly name: string
  /** For where there is little room; absent of a setting that was searched for. */
  readonly label?: string
  readonly isOurs: boolean
  readonly kind: Kind
  readonly polls: number
  readonly delayMs: number
  readonly p95Ms: number
  /** Of the mean duration. */
  readonly share: number
  readonly lost: number
  /** The least that polls times delay can be, for a client that knows the model and no progress. */
  readonly floorMs: number
  /** Polls times delay, over the floor. */
  readonly overFloor: number
  /** The same with the half round trip taken off that nobody can save. */
  readonly overFloorAtServer: number
  /** Half of what lies between the seeds. */
  readonly between: { readonly polls: number; readonly delayMs: number; readonly overFloor: number }
}

type SeedFigures = Omit<WaitFigures, keyof Row | "kind" | "between">
/** Whose figures they are. */
type Row = Pick<WaitFigures, "name" | "label" | "isOurs">

const seeds = [11, 12, 13]
const jobsPerSeed = 500
/** Of the library and of the peers, which take longer to run. */
const fewerJobs = 150
/** With jobs of another seed than those that are shown: a setting is not chosen by them. */
const searchSeed = 21
const searchJobs = 40
const manyWaits = 100

/** In mean durations. */
const floorShare = (() => {
  const { survival } = lognormal(1, assumptions.sigma)
  return floorOf(survival) / meanOf(survival)
})()

const figuresOf = (jobs: ReadonlyArray<PlannedJob>, outcomes: ReadonlyArray<Outcome>): SeedFigures => {
  const delays = outcomes.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]))
  const polls = mean(outcomes.map((outcome) => outcome.polls))
  const duration = mean(jobs.map((job) => job.durationMs))
  const floor = floorShare * duration
  const delayMs = mean(delays)
  return {
    polls,
    delayMs,
    p95Ms: quantile(delays, 0.95),
    share: delayMs / duration,
    lost: 1 - delays.length / outcomes.length,
    floorMs: floor,
    overFloor: (polls * delayMs) / floor,
    overFloorAtServer: (polls * (delayMs - assumptions.roundTripMs / 2)) / floor,
  }
}

/** The seeds taken together. */
const together = (row: Row, kind: Kind, figures: ReadonlyArray<SeedFigures>): WaitFigures => {
  const over = (of: (one: SeedFigures) => number) => mean(figures.map(of))
  const between = (of: (one: SeedFigures) => number) =>
    (Math.max(...figures.map(of)) - Math.min(...figures.map(of))) / 2
  return {
    ...row,
    kind,
    polls: over((one) => one.polls),
    delayMs: over((one) => one.delayMs),
    p95Ms: over((one) => one.p95Ms),
    share: over((one) => one.share),
    lost: over((one) => one.lost),
    floorMs: over((one) => one.floorMs),
    overFloor: over((one) => one.overFloor),
    overFloorAtServer: over((one) => one.overFloorAtServer),
    between: {
      polls: between((one) => one.polls),
      delayMs: between((one) => one.delayMs),
      overFloor: between((one) => one.overFloor),
    },
  }
}

const paced = (
  jobs: ReadonlyArray<PlannedJob>,
  options: { readonly waits: number; readonly kind?: Kind; readonly progress: ProgressStyle },
  pastOf = (job: PlannedJob) => job.past,
): SeedFigures =>
  figuresOf(
    jobs,
    jobs.map((job) => pacedWait(job, { ...options, past: pastOf(job) })),
  )

const neverSeen = () => []

const alone = async (jobs: ReadonlyArray<PlannedJob>) => figuresOf(jobs, await waitAlone(jobs, "none"))

const peer = async (wait: Peer["wait"], jobs: ReadonlyArray<PlannedJob>) =>
  figuresOf(jobs, await waitByPeer(wait, jobs))

/** The setting with the least polls times delay, for jobs of this kind. */
const bestSetting = async ({ settings = [] }: Peer, kind: Kind) => {
  const jobs = workloadOf(kind, searchJobs, searchSeed)
  let best: { readonly setting: (typeof settings)[number]; readonly product: number } | undefined
  for (const setting of settings) {
    const { polls, delayMs, lost } = await peer(setting.wait, jobs)
    const product = lost > 0 ? Number.POSITIVE_INFINITY : polls * delayMs
    if (product < (best?.product ?? Number.POSITIVE_INFINITY)) best = { setting, product }
  }
  return best?.setting
}

export const measureWaits = async (): Promise<ReadonlyArray<WaitFigures>> => {
  const figures: Array<WaitFigures> = []
  for (const kind of kinds) {
    const workloads = seeds.map((seed) => workloadOf(kind, jobsPerSeed, seed))
    const few = workloads.map((jobs) => jobs.slice(0, fewerJobs))
    const thrifty = { waits: manyWaits } as const
    const add = async (
      row: Row,
      jobsOfSeeds: ReadonlyArray<ReadonlyArray<PlannedJob>>,
      run: (jobs: ReadonlyArray<PlannedJob>) => SeedFigures | Promise<SeedFigures>,
    ) => {
      const ofSeeds: Array<SeedFigures> = []
      for (const jobs of jobsOfSeeds) ofSeeds.push(await run(jobs))
      figures.push(together(row, kind, ofSeeds))
    }
    await add(rows.unknown, workloads, (jobs) => paced(jobs, { ...thrifty, progress: "none" }, neverSeen))
    await add(rows.ofItsKind, workloads, (jobs) =>
      paced(jobs, { ...thrifty, kind, progress: "none" }, neverSeen),
    )
    await add(rows.thrifty, workloads, (jobs) => paced(jobs, { ...thrifty, progress: "none" }))
    await add(rows.stepped, workloads, (jobs) => paced(jobs, { ...thrifty, progress: "stepped" }))
    await add(rows.smooth, workloads, (jobs) => paced(jobs, { ...thrifty, progress: "smooth" }))
    await add(rows.eager, workloads, (jobs) => paced(jobs, { waits: 1, progress: "none" }))
    await add(rows.library, few, alone)
    for (const one of peers) {
      await add({ name: one.name, label: one.label, isOurs: false }, few, (jobs) => peer(one.wait, jobs))
      const best = await bestSetting(one, kind)
      if (best === undefined) continue
      await add({ name: `  at its best: ${best.name}`, isOurs: false }, few, (jobs) => peer(best.wait, jobs))
    }
  }
  return figures
}

const rows = {
  unknown: { name: "ours, thrifty, nothing known", isOurs: true },
  ofItsKind: {
    name: "ours, thrifty, nothing known but what the model makes",
    label: "a model never seen",
    isOurs: true,
  },
  thrifty: { name: "ours, thrifty, 10 past jobs", label: "when many wait", isOurs: true },
  stepped: { name: "ours, thrifty, 10 past, stepped progress", label: "stepped progress", isOurs: true },
  smooth: { name: "ours, thrifty, 10 past, smooth progress", label: "smooth progress", isOurs: true },
  eager: { name: "ours, a person waits, 10 past", isOurs: true },
  library: { name: "ours, a person waits, the whole library", label: "when a person waits", isOurs: true },
} satisfies Record<string, Row>

export const findingsOfWaits = (figures: ReadonlyArray<WaitFigures>): Findings => {
  const of = ({ name }: Pick<Row, "name">, kind: Kind) => {
    const found = figures.find((row) => row.name === name && row.kind === kind)
    if (found === undefined) throw new Error(`no row ${name}`)
    return found
  }
  const loop = { name: "hand loop, 3 s" }
  const list = (name: Pick<Row, "name">, tell: (row: WaitFigures) => string) =>
    kinds.map((kind) => `${kind} ${tell(of(name, kind))}`).join(", ")
  const every = (name: Pick<Row, "name">, isMet: (row: WaitFigures) => boolean) =>
    kinds.every((kind) => isMet(of(name, kind)))
  const ours = figures.filter((row) => row.isOurs)
  return {
    tables: kinds.map((kind) => ({
      title: `[S] wait: one ${kind} job (seeds ${seeds.join(", ")}, ± half of what lies between them; of each ${jobsPerSeed} jobs, library and peers the first ${fewerJobs})`,
      columns: ["who", "polls", "delay", "p95", "of duration", "lost", "x floor"],
      rows: figures
        .filter((row) => row.kind === kind)
        .map((row) => [
          row.name,
          `${row.polls.toFixed(1)} ±${row.between.polls.toFixed(1)}`,
          `${seconds(row.delayMs)} ±${seconds(row.between.delayMs)} s`,
          `${seconds(row.p95Ms)} s`,
          percent(row.share),
          percent(row.lost),
          `${row.overFloor.toFixed(2)} ±${row.between.overFloor.toFixed(2)}`,
        ]),
    })),
    goals: [
      {
        number: 1,
        text: "polls x delay <= 1.10 x floor, with ten past jobs and no progress",
        figure: list(
          rows.thrifty,
          (row) =>
            `${row.overFloorAtServer.toFixed(2)} (${row.overFloor.toFixed(2)} with the answer's way back)`,
        ),
        isMet: every(rows.thrifty, (row) => row.overFloorAtServer <= 1.1),
      },
      {
        number: 2,
        text: "polls <= 8 and delay <= 6 % on image, <= 10 and <= 5 % on video and 3D",
        figure: list(rows.thrifty, (row) => `${row.polls.toFixed(1)} and ${percent(row.share)}`),
        isMet: every(rows.thrifty, (row) =>
          row.kind === "image" ? row.polls <= 8 && row.share <= 0.06 : row.polls <= 10 && row.share <= 0.05,
        ),
      },
      {
        number: 3,
        text: "stepped progress: <= 0.8 x the polls at no more delay; smooth: a video within 2 s in <= 10 polls",
        figure: `${kinds
          .map((kind) => {
            const [led, blind] = [of(rows.stepped, kind), of(rows.thrifty, kind)]
            return `${kind} x ${(led.polls / blind.polls).toFixed(2)}, ${seconds(led.delayMs)}/${seconds(blind.delayMs)} s`
          })
          .join(
            ", ",
          )}; smooth ${seconds(of(rows.smooth, "video").delayMs)} s in ${of(rows.smooth, "video").polls.toFixed(1)}`,
        isMet:
          kinds.every(
            (kind) =>
              of(rows.stepped, kind).polls <= 0.8 * of(rows.thrifty, kind).polls &&
              of(rows.stepped, kind).delayMs <= of(rows.thrifty, kind).delayMs,
          ) &&
          of(rows.smooth, "video").delayMs <= 2_000 &&
          of(rows.smooth, "video").polls <= 10,
      },
      {
        number: 4,
        text: "a person waits: delay <= 1.6 s or 3 %, at <= 0.5 x the polls of a 3 s loop on video and 3D",
        figure: list(
          rows.library,
          (row) =>
            `${seconds(row.delayMs)} s (${percent(row.share)}) at x ${(row.polls / of(loop, row.kind).polls).toFixed(2)}`,
        ),
        isMet: every(
          rows.library,
          (row) =>
            (row.delayMs <= 1_600 || row.share <= 0.03) &&
            (row.kind === "image" || row.polls <= 0.5 * of(loop, row.kind).polls),
        ),
      },
      {
        number: 5,
        text: "no job lost",
        figure: `ours ${percent(Math.max(...ours.map((row) => row.lost)))}, SDK's default ${list({ name: peers[0]?.name ?? "" }, (row) => percent(row.lost))}`,
        isMet: ours.every((row) => row.lost === 0),
      },
    ],
  }
}
