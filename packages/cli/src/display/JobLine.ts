import type { JobUpdate, SubmitWait } from "@scenario-automation/core"

/** The stage of one generation, as shown on the display. */
export type Stage =
  | { readonly _tag: "Preparing" }
  /** The submit waits because the account is running as many jobs as it can. */
  | { readonly _tag: "Waiting"; readonly wait: SubmitWait }
  | { readonly _tag: "Updated"; readonly update: JobUpdate; readonly at: number }
  | {
      readonly _tag: "Downloading"
      readonly files: number
      readonly received: number
      readonly total: number
    }
  | { readonly _tag: "Delivered"; readonly files: number; readonly bytes: number; readonly at: number }
  | { readonly _tag: "Failed"; readonly headline: string; readonly message: string; readonly at: number }

/** One line of the display. Plain data; times are epoch milliseconds of this machine. */
export interface JobLine {
  readonly title: string
  readonly jobId?: string | undefined
  readonly startedAt: number
  /** Compute units. */
  readonly cost?: number | undefined
  /** The first known progress of the job. Its speed is measured from here, because the job can be older. */
  readonly firstUpdate?: { readonly at: number; readonly progress: number } | undefined
  /** How long similar jobs took, if known. Milliseconds. */
  readonly expectedMs?: number | undefined
  readonly stage: Stage
}

export const hasEnded = ({ stage }: JobLine): boolean => stage._tag === "Delivered" || stage._tag === "Failed"

/** The progress of a job, 0..1: as last reported, and as expected by now. */
export interface Progress {
  readonly reported: number
  readonly expected: number
  /** Milliseconds until it should end, if that can be estimated. */
  readonly leftMs?: number | undefined
}

/** A job that has not reported its end is never shown as complete. */
const maxExpected = 0.97

export const getProgress = (line: JobLine, now: number): Progress => {
  const { stage } = line
  switch (stage._tag) {
    case "Preparing":
    case "Waiting":
      return { reported: 0, expected: 0 }
    case "Delivered":
    case "Failed":
      return { reported: 1, expected: 1 }
    case "Downloading": {
      const share = stage.total > 0 ? Math.min(1, stage.received / stage.total) : 0
      return { reported: share, expected: share }
    }
    case "Updated": {
      if (stage.update._tag === "JobSucceeded") return { reported: 1, expected: 1 }
      const reported = Math.min(1, Math.max(0, stage.update.job.progress ?? 0))
      // A queued job, or one that waits for approval, makes no progress.
      if (stage.update._tag !== "JobProgressed") return { reported, expected: reported }
      const perMs = getSpeed(line, reported, stage.at)
      if (perMs === undefined) return { reported, expected: reported }
      const expected = Math.max(reported, Math.min(maxExpected, reported + perMs * (now - stage.at)))
      return { reported, expected, leftMs: Math.max(0, (1 - reported) / perMs - (now - stage.at)) }
    }
  }
}

/** Progress per millisecond, from the job's own updates, or else from similar jobs. */
const getSpeed = ({ firstUpdate, expectedMs }: JobLine, reported: number, at: number): number | undefined => {
  const gained = firstUpdate === undefined ? 0 : (reported - firstUpdate.progress) / (at - firstUpdate.at)
  if (reported > 0.02 && gained > 0 && Number.isFinite(gained)) return gained
  return expectedMs === undefined || expectedMs <= 0 || firstUpdate?.progress !== 0
    ? undefined
    : 1 / expectedMs
}

/** Why a submit has to wait, as a phrase. */
export const describeWait = ({ ceiling, limit, detail, ahead }: SubmitWait): string => {
  const which = ceiling ?? detail
  const usage = limit === undefined ? "" : `: ${limit} of ${limit}`
  return `the account is running as many jobs as it can (${which}${usage}); ${ahead} ahead of this one`
}

/** Scenario's status of the job, or our word for the stages before and after it. */
export const describeStatus = ({ stage }: JobLine): string => {
  switch (stage._tag) {
    case "Preparing":
      return "preparing"
    case "Waiting":
      return "waiting"
    case "Updated":
      return stage.update._tag === "JobAwaitsApproval" ? "needs approval" : stage.update.job.status
    case "Downloading":
      return "downloading"
    case "Delivered":
      return "done"
    case "Failed":
      return stage.headline
  }
}
