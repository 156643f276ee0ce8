import type { JobUpdate, SubmitWait } from "@scenario-automation/core"

/** What is happening to one generation, as far as somebody watching needs to know. */
export type Stage =
  | { readonly _tag: "Preparing" }
  /** The submit waits for its turn. */
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
  /** Where the job was when we came to know it: its progress is told by that, however old it was. */
  readonly firstUpdate?: { readonly at: number; readonly progress: number } | undefined
  /** How long such jobs took before, where something was learned of them. Milliseconds. */
  readonly expectedMs?: number | undefined
  readonly stage: Stage
}

export const hasEnded = ({ stage }: JobLine): boolean => stage._tag === "Delivered" || stage._tag === "Failed"

/** How far a job is, 0..1: what its last look said, and what may have been added since. */
export interface Progress {
  readonly reported: number
  readonly expected: number
  /** Milliseconds until it should end, where anything speaks for it. */
  readonly leftMs?: number | undefined
}

/** What is told of a job before it has said so is never all of it. */
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
      // A job that waits for its turn, or for somebody's approval, comes no nearer by waiting.
      if (stage.update._tag !== "JobProgressed") return { reported, expected: reported }
      const perMs = getSpeed(line, reported, stage.at)
      if (perMs === undefined) return { reported, expected: reported }
      const expected = Math.max(reported, Math.min(maxExpected, reported + perMs * (now - stage.at)))
      return { reported, expected, leftMs: Math.max(0, (1 - reported) / perMs - (now - stage.at)) }
    }
  }
}

/** Progress a millisecond, by the job's own looks, else by what is usual; nothing where neither tells. */
const getSpeed = ({ firstUpdate, expectedMs }: JobLine, reported: number, at: number): number | undefined => {
  const gained = firstUpdate === undefined ? 0 : (reported - firstUpdate.progress) / (at - firstUpdate.at)
  if (reported > 0.02 && gained > 0 && Number.isFinite(gained)) return gained
  return expectedMs === undefined || expectedMs <= 0 || firstUpdate?.progress !== 0
    ? undefined
    : 1 / expectedMs
}

/** Why a submit waits, as a phrase. */
export const describeWait = ({ ceiling, limit, detail, ahead }: SubmitWait): string => {
  const which = ceiling ?? detail
  const room = limit === undefined ? "" : `, all ${limit} in use`
  return `the account runs as many jobs as it may (${which}${room}); ${ahead} before this one`
}

/** Scenario's own word for where the job is, or ours for what comes before and after. */
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
