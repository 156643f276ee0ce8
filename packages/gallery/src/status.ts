import { getJobPhase, type JobPhase } from "@scenario-automation/core/job-status"

/** The color of a status. */
export type Tone =
  | "waiting"
  | "warming"
  | "working"
  | "finalizing"
  | "success"
  | "failure"
  | "canceled"
  | "other"

/** Statuses that have a color of their own, because they are only a part of their phase. */
const tonesByStatus: ReadonlyMap<string, Tone> = new Map([
  ["warming-up", "warming"],
  ["finalizing", "finalizing"],
])

const tonesByPhase: Readonly<Record<JobPhase, Tone>> = {
  queued: "waiting",
  running: "working",
  unknown: "other",
  succeeded: "success",
  failed: "failure",
  canceled: "canceled",
}

export const getTone = (status: string): Tone =>
  tonesByStatus.get(status) ?? tonesByPhase[getJobPhase(status)]

/** `in-progress` → `in progress`. */
export const formatStatus = (status: string): string => status.replaceAll("-", " ")
