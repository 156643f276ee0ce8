import type { JsonObject } from "../json.ts"
import type { JobRecord } from "./JobRecord.ts"
import { getHistory, getProgress, terminalStatuses } from "./jobTimeline.ts"

/** As documented: "today only cancel on inference jobs is supported". */
const cancelableTypes: ReadonlySet<string> = new Set(["inference", "flux-model-training", "model-training"])

/** Every job of the project. */
export class Jobs {
  readonly #byId = new Map<string, JobRecord>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  add(job: JobRecord): void {
    this.#byId.set(job.jobId, job)
  }

  find(jobId: string): JobRecord | undefined {
    const job = this.#byId.get(jobId)
    return job !== undefined && this.#exists(job) ? job : undefined
  }

  /** Newest first, also within the same millisecond. */
  all(): ReadonlyArray<JobRecord> {
    return [...this.#byId.values()]
      .filter((job) => this.#exists(job))
      .toReversed()
      .toSorted((a, b) => b.createdAt - a.createdAt)
  }

  /** A workflow plans the jobs of its steps in advance, and a test can let a job vanish. */
  #exists(job: JobRecord): boolean {
    const now = this.#now()
    return job.createdAt <= now && (job.vanishesAt === undefined || now < job.vanishesAt)
  }

  /** All jobs that `GET /jobs` lists by now. */
  listed(): ReadonlyArray<JobRecord> {
    return this.all().filter((job) => job.listedFrom <= this.#now())
  }

  status(job: JobRecord): string {
    return getHistory(job.timeline, this.#now()).at(-1)?.status ?? "pending"
  }

  isFinished(job: JobRecord): boolean {
    return terminalStatuses.has(this.status(job))
  }

  /** The number of jobs that have not ended, of one type or of all. */
  countRunning(jobType?: string): number {
    return this.all().filter(
      (job) => !this.isFinished(job) && (jobType === undefined || job.jobType === jobType),
    ).length
  }

  /** Failed and canceled jobs are refunded, unless that is turned off for them. */
  isRefunded(jobId: string): boolean {
    const job = this.#byId.get(jobId)
    return job !== undefined && !job.disableRefund && this.isAborted(jobId)
  }

  isAborted(jobId: string): boolean {
    const job = this.#byId.get(jobId)
    return job !== undefined && ["failure", "canceled"].includes(this.status(job))
  }

  isCancelable(job: JobRecord): boolean {
    return cancelableTypes.has(job.jobType)
  }

  cancel(job: JobRecord): void {
    const now = this.#now()
    job.timeline = [...getHistory(job.timeline, now), { status: "canceled", at: now }]
  }

  /** The job as the API returns it. */
  toJson(job: JobRecord): JsonObject {
    const now = this.#now()
    const history = getHistory(job.timeline, now)
    const status = this.status(job)
    const hasSucceeded = status === "success"
    const hasFailed = status === "failure"
    const warning = hasSucceeded ? job.error : undefined
    return {
      jobId: job.jobId,
      jobType: job.jobType,
      status,
      progress: getProgress(job.timeline, job.progress, now),
      createdAt: new Date(job.createdAt).toISOString(),
      updatedAt: new Date(history.at(-1)?.at ?? job.createdAt).toISOString(),
      authorId: job.authorId,
      ownerId: job.ownerId,
      statusHistory: history.map((change) => ({
        status: change.status,
        date: new Date(change.at).toISOString(),
      })),
      billing:
        job.price === undefined
          ? undefined
          : { cuCost: job.price, cuDiscount: 0, disableRefund: job.disableRefund ? true : undefined },
      metadata: {
        input: job.input,
        assetIds:
          hasSucceeded && job.assetIds.length > 0 ? job.assetIds : job.output === undefined ? [] : undefined,
        output: hasSucceeded ? job.output : undefined,
        error: hasFailed ? (job.error === undefined ? "The generation failed." : job.error) : warning,
        hint: hasFailed ? job.hint : undefined,
        workflowId: job.workflowId,
        workflowJobId: job.workflowId === undefined ? undefined : job.jobId,
        flow: job.flow?.(now),
      },
    }
  }
}
