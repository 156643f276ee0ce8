import { classifyJob } from "@scenario-automation/core/job-status"
import type { GalleryEntry } from "./Gallery.ts"

/** The time that a job spent in one status. Epoch milliseconds. */
interface Stretch {
  readonly status: string
  readonly from: number
  readonly to: number
}

/** When a job was in each status, and until when it is known. */
export interface JobTimes {
  readonly from: number
  readonly to: number
  readonly stretches: ReadonlyArray<Stretch>
  readonly polls: ReadonlyArray<number>
}

const isKnown = (time: number) => !Number.isNaN(time)

/** `undefined` if no date can be read. */
export const getJobTimes = (entry: GalleryEntry): JobTimes | undefined => {
  const entered = entry.timeline
    .map(({ status, at }) => ({ status, at: Date.parse(at) }))
    .filter(({ at }) => isKnown(at))
    .toSorted((one, other) => one.at - other.at)
  const polls = (entry.polls ?? []).map((at) => Date.parse(at)).filter(isKnown)
  const first = entered[0]
  if (first === undefined) return undefined
  const end = [Date.parse(entry.finishedAt ?? ""), ...entered.map(({ at }) => at)].filter(isKnown)
  const hasEnded = entry.finishedAt !== undefined || classifyJob(entry) !== "waiting"
  // An unfinished job has lasted at least until its last poll.
  const to = Math.max(...end, ...(hasEnded ? [] : polls))
  const stretches = entered
    .map(({ status, at }, index) => ({ status, from: at, to: entered[index + 1]?.at ?? to }))
    .filter((stretch) => stretch.to > stretch.from)
  return { from: first.at, to, stretches, polls }
}

/** The time from the first event of any job to the last one. */
export const getSpan = (
  jobs: ReadonlyArray<JobTimes>,
): { readonly from: number; readonly to: number } | undefined => {
  if (jobs.length === 0) return undefined
  return {
    from: jobs.reduce((min, job) => Math.min(min, job.from, ...job.polls), Infinity),
    to: jobs.reduce((max, job) => Math.max(max, job.to, ...job.polls), -Infinity),
  }
}

/** Round values for at most seven ticks on an axis of this length. */
export const getTicks = (length: number): ReadonlyArray<number> => {
  if (!(length > 0)) return [0]
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000].concat(
    [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * 60_000),
  )
  const step = steps.find((each) => length / each <= 6) ?? Math.ceil(length / 6 / 86_400_000) * 86_400_000
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
}
