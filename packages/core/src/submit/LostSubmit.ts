import { Equal, Predicate } from "effect"
import { type Job, type JobRef, jobRefOf } from "../api/Job.ts"

/** A submit whose answer was lost, as far as it can tell its job from others. */
export interface LostSubmit extends Pick<JobRef, "modelId" | "workflowId"> {
  /** Epoch milliseconds by Scenario's clock, between which the job was born if it was. */
  readonly window: { readonly from: number; readonly until: number }
  /** Job types that such a request can make; empty where any is possible. */
  readonly jobTypes: ReadonlyArray<string>
  readonly body: Readonly<Record<string, unknown>>
  /** Our own author id, once an answered submit has told it. */
  readonly authorId: string | undefined
}

/** What a listed job is to a lost submit. */
type Recognition =
  /** It echoes our inputs. */
  | "match"
  /** It may be ours, and nothing proves it. */
  | "candidate"
  | "other"

/** The header Date counts in whole seconds, and clocks drift. Milliseconds. */
export const windowSlackMs = 2_000

/** Compares a listed job with a lost submit. */
const recognize = (lost: LostSubmit, job: Job): Recognition => {
  const born = Date.parse(job.createdAt ?? "")
  if (Number.isNaN(born) || born < lost.window.from || born > lost.window.until) return "other"
  if (lost.jobTypes.length > 0 && !lost.jobTypes.includes(job.jobType)) return "other"
  if (lost.modelId !== undefined && job.modelId !== undefined && job.modelId !== lost.modelId) return "other"
  if (lost.workflowId !== undefined && job.workflowId !== undefined && job.workflowId !== lost.workflowId) {
    return "other"
  }
  if (lost.authorId !== undefined && job.authorId !== undefined && job.authorId !== lost.authorId)
    return "other"
  if (job.input === undefined || Object.keys(job.input).length === 0) return "candidate"
  return echoes(lost.body, job.input) ? "match" : "other"
}

/** Whether an echo holds all that was sent; it may hold defaults besides. */
const echoes = (sent: Readonly<Record<string, unknown>>, echo: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(sent).every(([name, value]) => value === undefined || isEchoOf(value, echo[name]))

/** A file that was sent as a data URL comes back as an asset id, and a seed that was a number as text. */
const isEchoOf = (sent: unknown, echo: unknown): boolean => {
  if (typeof sent === "string" && sent.startsWith("data:")) return typeof echo === "string"
  if (Array.isArray(sent)) {
    return (
      Array.isArray(echo) &&
      echo.length === sent.length &&
      sent.every((element, index) => isEchoOf(element, echo[index]))
    )
  }
  if (Predicate.isObject(sent)) return Predicate.isObject(echo) && echoes({ ...sent }, { ...echo })
  return Equal.equals(sent, echo) || (isScalar(sent) && isScalar(echo) && String(sent) === String(echo))
}

const isScalar = (value: unknown): boolean => typeof value === "string" || typeof value === "number"

/** What the jobs of the window say of a lost submit. */
export interface Findings {
  readonly matches: ReadonlyArray<Job>
  /** The matches, and those that may be ours. */
  readonly candidates: ReadonlyArray<JobRef>
}

/** Those of its kind among the jobs that nobody here has claimed. */
export const findLost = (
  lost: LostSubmit,
  jobs: ReadonlyArray<Job>,
  isClaimed: (jobId: string) => boolean,
): Findings => {
  const recognized = jobs
    .filter((job) => !isClaimed(job.jobId))
    .map((job) => ({ job, as: recognize(lost, job) }))
    .filter(({ as }) => as !== "other")
  return {
    matches: recognized.filter(({ as }) => as === "match").map(({ job }) => job),
    candidates: recognized.map(({ job }) => jobRefOf(job, lost)),
  }
}
