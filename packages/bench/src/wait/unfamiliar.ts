import { mean, median } from "../statistics.ts"
import { percent, seconds, spread, type Table } from "../Table.ts"
import { type Random, createRandom } from "../world/random.ts"
import type { Kind } from "../world/workload.ts"
import { constant, type Durations, heavyTailed, lognormal, mixed } from "./durations.ts"
import { computeFloor } from "./floor.ts"
import { simulatePolicy } from "./simulatePolicy.ts"

/** Jobs that the policy wasn't tuned on. It knows at most ten earlier ones. */
interface Case {
  readonly name: string
  /** The distribution at this share of the run. */
  readonly durations: (share: number) => Durations
  readonly isFirst?: boolean
  /** The model's output, if known. */
  readonly kind?: Kind
  /** The progress at this share of its duration. */
  readonly report?: (share: number, random: Random) => number
  /** How far Scenario's clock is ahead of ours. */
  readonly skewMs?: number
}

const always = (durations: Durations) => () => durations
const image = lognormal(20, 0.3)
const video = lognormal(190, 0.3)

const cases: ReadonlyArray<Case> = [
  ...[0.1, 0.2, 0.3, 0.5, 0.8].map((sigma) => ({
    name: `a spread of ${sigma}`,
    durations: always(lognormal(60, sigma)),
  })),
  {
    name: "two speeds, 30 s and 90 s",
    durations: always(mixed(lognormal(30, 0.15), lognormal(90, 0.15))),
  },
  { name: "a heavy tail from 30 s", durations: always(heavyTailed(30)) },
  { name: "a constant 60 s", durations: always(constant(60)) },
  {
    name: "four times as slow during the run",
    durations: (share) => lognormal(30 * 4 ** share, 0.3),
  },
  {
    name: "four times as fast during the run",
    durations: (share) => lognormal(120 / 4 ** share, 0.3),
  },
  { name: "first job of a model, 20 s", durations: always(image), isFirst: true },
  { name: "first job of a model, 190 s", durations: always(video), isFirst: true },
  { name: "first job of a video model, 190 s", durations: always(video), isFirst: true, kind: "video" },
  { name: "first job of a video model, 20 s", durations: always(image), isFirst: true, kind: "video" },
  { name: "random progress, 190 s", durations: always(video), report: (_, random) => random() },
  {
    name: "progress stuck at 0.99, 190 s",
    durations: always(video),
    report: (share) => (share < 0.2 ? share : 0.99),
  },
  { name: "progress that goes backwards, 190 s", durations: always(video), report: (share) => 1 - share },
  ...[-5, -1, 1, 5].map((minutes) => ({
    name: `a clock ${Math.abs(minutes)} min ${minutes > 0 ? "ahead" : "behind"}, 190 s`,
    durations: always(video),
    skewMs: minutes * 60_000,
  })),
]

interface Figures {
  readonly polls: number
  readonly delayMs: number
  /** Delay as a share of the mean duration. */
  readonly share: number
  /** Polls times delay, divided by the floor of the true distribution. Infinite if the floor is about zero. */
  readonly overFloor: number
}

export interface UnfamiliarFigures {
  readonly name: string
  readonly waits: "interactive" | "bulk"
  /** One entry for each seed. */
  readonly seeds: ReadonlyArray<Figures>
}

const seeds = [11, 12, 13]
const jobs = 500
/** Seconds. Delays are whole round trips, so a smaller floor means nothing. */
const minFloor = 0.1

/** The floor of the true distribution, averaged over the run if it drifts. */
const computeCaseFloor = ({ durations }: Case): number => {
  const points = durations(0) === durations(1) ? 1 : 20
  return mean(
    Array.from({ length: points }, (_, point) => computeFloor(durations((point + 0.5) / points).survival)),
  )
}

const simulate = (one: Case, floor: number, waits: number, seed: number): Figures => {
  const random = createRandom(seed)
  /** Starts with ten earlier jobs. */
  const durations: Array<number> = []
  for (let past = 0; past < 10; past++) durations.push(one.durations(0).draw(random) * 1000)
  const outcomes = []
  for (let job = 0; job < jobs; job++) {
    const now = one.durations(job / jobs)
    const durationMs = now.draw(random) * 1000
    const past = one.isFirst === true ? [] : durations.slice(-10)
    const { report, skewMs, kind } = one
    outcomes.push({
      durationMs,
      ...simulatePolicy(
        { modelId: "model_unfamiliar", durationMs, past },
        {
          waits,
          past,
          progress: "none",
          ...(kind === undefined ? {} : { kind }),
          ...(skewMs === undefined ? {} : { skewMs }),
          ...(report === undefined ? {} : { report: (share: number) => report(share, random) }),
        },
      ),
    })
    durations.push(durationMs)
  }
  const polls = mean(outcomes.map((outcome) => outcome.polls))
  const delayMs = mean(outcomes.map((outcome) => outcome.delayMs))
  return {
    polls,
    delayMs,
    share: delayMs / mean(outcomes.map((outcome) => outcome.durationMs)),
    overFloor: floor < minFloor ? Number.POSITIVE_INFINITY : (polls * delayMs) / 1000 / floor,
  }
}

export const measureUnfamiliar = (): ReadonlyArray<UnfamiliarFigures> =>
  cases.flatMap((one) => {
    const floor = computeCaseFloor(one)
    return (["bulk", "interactive"] as const).map((waits) => ({
      name: one.name,
      waits,
      seeds: seeds.map((seed) => simulate(one, floor, waits === "bulk" ? 100 : 1, seed)),
    }))
  })

export const tabulateUnfamiliar = (figures: ReadonlyArray<UnfamiliarFigures>): ReadonlyArray<Table> =>
  (["bulk", "interactive"] as const).map((waits) => {
    const rows = figures.filter((row) => row.waits === waits)
    const worst = rows
      .map((row) => ({ name: row.name, ratio: median(row.seeds.map((seed) => seed.overFloor)) }))
      .filter(({ ratio }) => Number.isFinite(ratio))
      .toSorted((a, b) => b.ratio - a.ratio)[0]
    return {
      title: `[S] wait: durations that the policy was not tuned on, ${waits} (seeds ${seeds.join(", ")}, ${jobs} jobs each)`,
      columns: ["jobs", "polls", "delay", "of duration", "x floor"],
      rows: rows.map((row) => {
        const ratios = row.seeds.map((seed) => seed.overFloor)
        return [
          row.name,
          median(row.seeds.map((seed) => seed.polls)).toFixed(1),
          `${seconds(median(row.seeds.map((seed) => seed.delayMs)))} s`,
          percent(median(row.seeds.map((seed) => seed.share))),
          ratios.every(Number.isFinite) ? spread(ratios, 2) : "no floor",
        ]
      }),
      note: `worst: x ${worst?.ratio.toFixed(2)}, ${worst?.name}`,
    }
  })
