import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type Job, readJobResponse } from "../api/Job.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { lacksResult } from "../api/emptyResult.ts"
import { classifyJob, type JobOutcome } from "../api/jobStatus.ts"
import { JobList } from "./JobList.ts"
import { readRecent, type RecentLimits } from "./recentItems.ts"

export interface FinishedGenerationsOptions extends RecentLimits {
  /** Only generations with this outcome. Default: all. */
  readonly outcome?: Exclude<JobOutcome, "waiting"> | undefined
  /** Stops reading once this many were found. Default: no limit. */
  readonly limit?: number | undefined
}

/**
 * Lists generations that have ended, the most recent end first, among the jobs of the last 24 hours that could be read within
 * 15 seconds. Uploads, downloads, exports, and trainings are jobs but not generations (`isGeneration`).
 */
export const listFinishedGenerations = Effect.fn("scenario.listFinishedGenerations")(function* (
  options: FinishedGenerationsOptions = {},
) {
  const { outcome, limit = Infinity } = options
  const jobs = yield* JobList
  const isWanted = (job: Job) =>
    isGeneration(job) &&
    (outcome === undefined ? classifyJob(job) !== "waiting" : classifyJob(job) === outcome)
  const read = yield* readRecent(
    {
      readPage: (paginationToken) =>
        jobs.page({
          paginationToken,
          pageSize: 200,
          ...(outcome === undefined ? {} : { status: statuses[outcome] }),
        }),
      getId: ({ jobId }: Job) => jobId,
      getCreatedAt: ({ createdAt }) => createdAt,
      isEnough: (found) => found.filter(isWanted).length >= limit,
    },
    options,
  )
  const ended = read.filter(isWanted).toSorted((one, other) => getEndMs(other) - getEndMs(one))
  return yield* readMissingResults(ended.slice(0, limit))
})

/**
 * Whether a job makes something new with a model or a workflow. Unknown types count, unless their name says otherwise.
 */
export const isGeneration = ({ jobType }: Pick<Job, "jobType">): boolean => !otherWork.test(jobType)

/** `upload`, `model-import`, `assets-download`, `canvas-export`, `flux-model-training`, `mesh-preview-rendering`, `embed`. */
const otherWork = /(^|-)(uploads?|downloads?|imports?|exports?|training|preview|embed)(-|$)/i

/** The ISO date at which a job entered its current status, if the API gives one. */
export const getEndedAt = (job: Pick<Job, "status" | "statusHistory" | "updatedAt">): string | undefined =>
  job.statusHistory.findLast(({ status }) => status === job.status)?.date ?? job.updatedAt

const getEndMs = (job: Job): number => Date.parse(getEndedAt(job) ?? job.createdAt ?? "") || 0

/** The spellings of the API's filter. */
const statuses = { succeeded: "success", failed: "failure", canceled: "canceled" } as const

/** The list can show a success shortly before its result. Such jobs are read by themselves. */
const readMissingResults = Effect.fnUntraced(function* (ended: ReadonlyArray<Job>) {
  const http = yield* ScenarioHttp
  const now = yield* http.serverTime
  const incomplete = ended
    .filter((job) => lacksResult(job) && now - getEndMs(job) < lateResultMs)
    .slice(0, maxJobReads)
  const read = yield* Effect.forEach(
    incomplete,
    ({ jobId }) =>
      Effect.result(
        http
          .callFor({ method: "GET", path: `/jobs/${encodeURIComponent(jobId)}`, jobId }, readJobResponse)
          .pipe(Effect.timeout("5 seconds")),
      ),
    { concurrency: "unbounded" },
  )
  const whole = new Map(read.filter(Result.isSuccess).map(({ success }) => [success.jobId, success]))
  return ended.map((job) => whole.get(job.jobId) ?? job)
})

const lateResultMs = Duration.toMillis("10 minutes")

/** Only the most recent are read again. */
const maxJobReads = 5
