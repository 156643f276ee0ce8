import { type Findings, percent, seconds } from "../Table.ts"
import { mean, quantile } from "../statistics.ts"
import { InMemoryApi, type ProgressStyle } from "../world/InMemoryApi.ts"
import { VirtualTime } from "../world/VirtualTime.ts"
import { assumptions, type Kind, kinds, type PlannedJob, workloadOf } from "../world/workload.ts"
import { waitForAll } from "../fleet/library.ts"
import { floorOf } from "./floor.ts"
import { pacedWait } from "./pacedWait.ts"
import { peers } from "./peers.ts"

/** How one wait went; `undefined` where it threw although the job went on to succeed. */
interface Outcome {
  readonly looks: number
  readonly delayMs: number | undefined
}

export interface WaitFigures {
  readonly name: string
  readonly kind: Kind
  readonly looks: number
  readonly delayMs: number
  readonly p95Ms: number
  /** Of the mean duration. */
  readonly share: number
  readonly lost: number
  /** Looks times delay, over the floor. */
  readonly overFloor: number
  /** The same with the half round trip taken off that nobody can save. */
  readonly overFloorAtServer: number
}

const jobsPerKind = 1_000
const seed = 11
const manyWaits = 100

const figuresOf = (
  name: string,
  kind: Kind,
  jobs: ReadonlyArray<PlannedJob>,
  outcomes: ReadonlyArray<Outcome>,
): WaitFigures => {
  const delays = outcomes.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]))
  const looks = mean(outcomes.map((outcome) => outcome.looks))
  const duration = mean(jobs.map((job) => job.durationMs))
  const floor = floorOf(assumptions.sigma) * duration
  const delayMs = mean(delays)
  return {
    name,
    kind,
    looks,
    delayMs,
    p95Ms: quantile(delays, 0.95),
    share: delayMs / duration,
    lost: 1 - delays.length / outcomes.length,
    overFloor: (looks * delayMs) / floor,
    overFloorAtServer: (looks * (delayMs - assumptions.roundTripMs / 2)) / floor,
  }
}

const paced = (
  name: string,
  kind: Kind,
  jobs: ReadonlyArray<PlannedJob>,
  options: { readonly waits: number; readonly isCold?: boolean; readonly progress: ProgressStyle },
) =>
  figuresOf(
    name,
    kind,
    jobs,
    jobs.map((job) => pacedWait(job, { ...options, past: options.isCold === true ? [] : job.past })),
  )

/** The library as it is, each wait alone with an account of its own. */
const alone = async (name: string, kind: Kind, jobs: ReadonlyArray<PlannedJob>) => {
  const time = new VirtualTime()
  const outcomes = await time.run(() =>
    Promise.all(
      jobs.map(async (job): Promise<Outcome> => {
        const api = new InMemoryApi({ now: () => time.now, sleep: time.sleep })
        const createdAt = time.now
        const jobId = api.add({ ...job, createdAt })
        await waitForAll(api, [{ jobId, createdAt, modelId: job.modelId }], [job], false)
        return { looks: api.counts.look + api.counts.list, delayMs: time.now - api.endOf(jobId) }
      }),
    ),
  )
  return figuresOf(name, kind, jobs, outcomes)
}

const peer = async ({ name, wait }: (typeof peers)[number], kind: Kind, jobs: ReadonlyArray<PlannedJob>) => {
  const time = new VirtualTime()
  const outcomes = await time.run(() =>
    Promise.all(
      jobs.map(async (job): Promise<Outcome> => {
        const endsAt = time.now + job.durationMs
        let looks = 0
        const look = async () => {
          looks += 1
          await time.sleep(assumptions.roundTripMs / 2)
          const isDone = time.now >= endsAt
          await time.sleep(assumptions.roundTripMs / 2)
          return isDone
        }
        const isSeen = await wait(look, time.sleep).then(
          () => true,
          () => false,
        )
        return { looks, delayMs: isSeen ? time.now - endsAt : undefined }
      }),
    ),
  )
  return figuresOf(name, kind, jobs, outcomes)
}

export const measureWaits = async (): Promise<ReadonlyArray<WaitFigures>> => {
  const figures: Array<WaitFigures> = []
  for (const kind of kinds) {
    const jobs = workloadOf(kind, jobsPerKind, seed)
    const thrifty = { waits: manyWaits } as const
    figures.push(
      paced(rows.cold, kind, jobs, { ...thrifty, isCold: true, progress: "none" }),
      paced(rows.thrifty, kind, jobs, { ...thrifty, progress: "none" }),
      paced(rows.stepped, kind, jobs, { ...thrifty, progress: "stepped" }),
      paced(rows.smooth, kind, jobs, { ...thrifty, progress: "smooth" }),
      paced(rows.eager, kind, jobs, { waits: 1, progress: "none" }),
      await alone(rows.library, kind, jobs.slice(0, 300)),
    )
    for (const one of peers) figures.push(await peer(one, kind, jobs.slice(0, 300)))
  }
  return figures
}

const rows = {
  cold: "ours, thrifty, nothing known",
  thrifty: "ours, thrifty, 10 past jobs",
  stepped: "ours, thrifty, 10 past, stepped progress",
  smooth: "ours, thrifty, 10 past, smooth progress",
  eager: "ours, a person waits, 10 past",
  library: "ours, a person waits, the whole library",
} as const

export const findingsOfWaits = (figures: ReadonlyArray<WaitFigures>): Findings => {
  const of = (name: string, kind: Kind) => {
    const found = figures.find((row) => row.name === name && row.kind === kind)
    if (found === undefined) throw new Error(`no row ${name}`)
    return found
  }
  const loop = "hand loop, 3 s"
  const list = (name: string, tell: (row: WaitFigures) => string) =>
    kinds.map((kind) => `${kind} ${tell(of(name, kind))}`).join(", ")
  const every = (name: string, isMet: (row: WaitFigures) => boolean) =>
    kinds.every((kind) => isMet(of(name, kind)))
  const ours = Object.values(rows)
  return {
    tables: kinds.map((kind) => ({
      title: `[S] wait: one ${kind} job (seed ${seed}; ours ${jobsPerKind} jobs, library and peers the first 300)`,
      columns: ["who", "looks", "delay", "p95", "of duration", "lost", "x floor"],
      rows: figures
        .filter((row) => row.kind === kind)
        .map((row) => [
          row.name,
          row.looks.toFixed(1),
          `${seconds(row.delayMs)} s`,
          `${seconds(row.p95Ms)} s`,
          percent(row.share),
          percent(row.lost),
          row.overFloor.toFixed(2),
        ]),
    })),
    goals: [
      {
        number: 1,
        text: "looks x delay <= 1.10 x floor, with ten past jobs and no progress",
        figure: list(
          rows.thrifty,
          (row) =>
            `${row.overFloorAtServer.toFixed(2)} (${row.overFloor.toFixed(2)} with the answer's way back)`,
        ),
        isMet: every(rows.thrifty, (row) => row.overFloorAtServer <= 1.1),
      },
      {
        number: 2,
        text: "looks <= 8 and delay <= 6 % on image, <= 10 and <= 5 % on video and 3D",
        figure: list(rows.thrifty, (row) => `${row.looks.toFixed(1)} and ${percent(row.share)}`),
        isMet: every(rows.thrifty, (row) =>
          row.kind === "image" ? row.looks <= 8 && row.share <= 0.06 : row.looks <= 10 && row.share <= 0.05,
        ),
      },
      {
        number: 3,
        text: "stepped progress: <= 0.8 x the looks at no more delay; smooth: a video within 2 s in <= 10 looks",
        figure: `${kinds
          .map((kind) => {
            const [led, blind] = [of(rows.stepped, kind), of(rows.thrifty, kind)]
            return `${kind} x ${(led.looks / blind.looks).toFixed(2)}, ${seconds(led.delayMs)}/${seconds(blind.delayMs)} s`
          })
          .join(
            ", ",
          )}; smooth ${seconds(of(rows.smooth, "video").delayMs)} s in ${of(rows.smooth, "video").looks.toFixed(1)}`,
        isMet:
          kinds.every(
            (kind) =>
              of(rows.stepped, kind).looks <= 0.8 * of(rows.thrifty, kind).looks &&
              of(rows.stepped, kind).delayMs <= of(rows.thrifty, kind).delayMs,
          ) &&
          of(rows.smooth, "video").delayMs <= 2_000 &&
          of(rows.smooth, "video").looks <= 10,
      },
      {
        number: 4,
        text: "a person waits: delay <= 1.6 s or 3 %, at <= 0.5 x the looks of a 3 s loop on video and 3D",
        figure: list(
          rows.library,
          (row) =>
            `${seconds(row.delayMs)} s (${percent(row.share)}) at x ${(row.looks / of(loop, row.kind).looks).toFixed(2)}`,
        ),
        isMet: every(
          rows.library,
          (row) =>
            (row.delayMs <= 1_600 || row.share <= 0.03) &&
            (row.kind === "image" || row.looks <= 0.5 * of(loop, row.kind).looks),
        ),
      },
      {
        number: 5,
        text: "no job lost",
        figure: `ours ${percent(Math.max(...figures.filter((row) => ours.some((name) => name === row.name)).map((row) => row.lost)))}, SDK's default ${list(peers[0]?.name ?? "", (row) => percent(row.lost))}`,
        isMet: figures.every((row) => !ours.some((name) => name === row.name) || row.lost === 0),
      },
    ],
  }
}
