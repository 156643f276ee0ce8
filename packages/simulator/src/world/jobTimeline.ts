import { drawLogNormal, type Random } from "../seeded.ts"

/** One of the eight statuses of the contract. A planned job can have any other. */
export type JobStatus = string

export const terminalStatuses: ReadonlySet<string> = new Set(["success", "failure", "canceled"])

export type Outcome = "success" | "failure" | "canceled"

export type ProgressStyle = "smooth" | "stepped" | "stuck" | "none" | "backwards"

/** An entry of `statusHistory`: the status from `at` on, in epoch ms. */
export interface StatusChange {
  readonly status: JobStatus
  readonly at: number
}

/** The median duration of a job by what it makes. Milliseconds. */
const medianDurationMs = {
  image: 12_000,
  texture: 20_000,
  upscale: 25_000,
  video: 120_000,
  "3d": 90_000,
  audio: 15_000,
  text: 3_000,
  download: 4_000,
  upload: 2_000,
  training: 600_000,
} as const

export type DurationKind = keyof typeof medianDurationMs

/** About two thirds of the jobs take between 1/1.4 and 1.4 of the median. */
const sigma = 0.35

export const chooseDuration = (
  kind: DurationKind,
  random: Random,
  medians: Partial<Record<DurationKind, number>> = {},
): number =>
  Math.max(400, Math.round((medians[kind] ?? medianDurationMs[kind]) * drawLogNormal(random, sigma)))

/** The share of each status in the duration of a job. A cold model has to warm up. */
const getShares = (isCold: boolean): ReadonlyArray<readonly [JobStatus, number]> =>
  isCold
    ? [
        ["pending", 0.02],
        ["queued", 0.13],
        ["warming-up", 0.15],
        ["in-progress", 0.63],
        ["finalizing", 0.07],
      ]
    : [
        ["pending", 0.02],
        ["queued", 0.14],
        ["in-progress", 0.77],
        ["finalizing", 0.07],
      ]

interface TimelinePlan {
  readonly startsAt: number
  readonly durationMs: number
  readonly outcome: Outcome
  readonly isCold: boolean
  /** Replaces the usual statuses, each for the same time. */
  readonly statuses?: ReadonlyArray<JobStatus> | undefined
  /** A status for the second half of `in-progress`. */
  readonly unknownStatus?: string | undefined
}

export const planTimeline = (plan: TimelinePlan): ReadonlyArray<StatusChange> => {
  if (plan.statuses !== undefined && plan.statuses.length > 0) return planEvenTimeline(plan, plan.statuses)
  const changes: Array<StatusChange> = []
  let at = plan.startsAt
  for (const [status, share] of getShares(plan.isCold)) {
    if (status === "finalizing" && plan.outcome !== "success") continue
    changes.push({ status, at: Math.round(at) })
    if (status === "in-progress" && plan.unknownStatus !== undefined) {
      changes.push({ status: plan.unknownStatus, at: Math.round(at + (plan.durationMs * share) / 2) })
    }
    at += plan.durationMs * share
  }
  changes.push({ status: plan.outcome, at: plan.startsAt + plan.durationMs })
  return changes
}

const planEvenTimeline = (
  plan: TimelinePlan,
  statuses: ReadonlyArray<JobStatus>,
): ReadonlyArray<StatusChange> => {
  const last = statuses.at(-1)
  const isEnded = last !== undefined && terminalStatuses.has(last)
  const steps = isEnded ? statuses.length - 1 : statuses.length
  const changes = statuses.map((status, index) => ({
    status,
    at: plan.startsAt + Math.round((plan.durationMs * index) / Math.max(1, steps)),
  }))
  return isEnded ? changes : [...changes, { status: plan.outcome, at: plan.startsAt + plan.durationMs }]
}

/** The changes until `now`. At least the first. */
export const getHistory = (
  timeline: ReadonlyArray<StatusChange>,
  now: number,
): ReadonlyArray<StatusChange> => {
  const past = timeline.filter((change) => change.at <= now)
  return past.length > 0 ? past : timeline.slice(0, 1)
}

/** `progress`, 0..1. */
export const getProgress = (
  timeline: ReadonlyArray<StatusChange>,
  style: ProgressStyle,
  now: number,
): number => {
  const last = getHistory(timeline, now).at(-1)
  const end = timeline.at(-1)
  if (last === undefined || end === undefined) return 0
  if (last.status === "success") return 1
  const started = timeline.find((change) => change.status === "in-progress")
  if (started === undefined || now < started.at || style === "none") return 0
  const whole = Math.max(1, end.at - started.at)
  const share = Math.min(
    0.99,
    (Math.min(now, last.status === "failure" ? last.at : now) - started.at) / whole,
  )
  return Number(shapeProgress(style, share).toFixed(3))
}

const shapeProgress = (style: ProgressStyle, share: number): number => {
  switch (style) {
    case "stepped":
      return Math.floor(share * 4) / 4
    case "stuck":
      return Math.min(share, 0.4)
    case "backwards":
      return share < 0.4 ? share * 2 : share - 0.3
    case "smooth":
    case "none":
      return share
  }
}
