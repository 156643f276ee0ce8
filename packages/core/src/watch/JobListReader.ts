import { clamp } from "../utils/clamp.ts"
import { classifyJob } from "../api/jobStatus.ts"
import type { ApiError } from "../errors.ts"
import type { JobListCall } from "../http/JobListPages.ts"
import type { PagePoll } from "./choosePoll.ts"
import { getBackoffMs } from "../http/backoff.ts"
import { pollFrequency } from "./pollFrequency.ts"
import { JobPages } from "./JobPages.ts"
import type { JobPageResponse } from "./readJobPage.ts"
import type { WaitRegistry } from "./WaitRegistry.ts"

/** Finished jobs of others that are remembered as read: each is learned from once. */
const maxKnown = 5_000

/** What is known of the account's list of jobs: which requests read it, and on which pages the waits' jobs are. */
export class JobListReader {
  readonly pages = new JobPages()
  readonly #waits: WaitRegistry
  /** Finished jobs that nothing here waits for. */
  readonly #known = new Set<string>()
  #closedUntil = 0
  #failures = 0
  /** Pages in a row that showed no job that is waited for. */
  #fruitless = 0
  /** The author of our jobs: a list of that author only is shorter. `undefined` while unknown, false if that was wrong. */
  #author: string | false | undefined
  /** This many rows of the first page reach the last job that is waited for. */
  #reach = 0

  constructor(waits: WaitRegistry) {
    this.#waits = waits
  }

  /** After a list could not be read, jobs are polled one by one for a while. */
  isOpen(now: number): boolean {
    return now >= this.#closedUntil
  }

  /** Tries the list again at once. */
  open(): void {
    this.#closedUntil = 0
  }

  /** The request for a page. */
  getCall({ page }: PagePoll, maxPageSize: number): JobListCall {
    const pageSize = page.token === undefined ? this.#getFirstPageSize(maxPageSize) : maxPageSize
    return {
      query: { pageSize, paginationToken: page.token, authorId: this.#author || undefined },
      purpose: "poll",
      isRepeatable: false,
    }
  }

  /** Whether a row is worth decoding: its job is waited for, or teaches how long jobs take. */
  readonly isWanted = (jobId: string, status: string): boolean =>
    this.#waits.has(jobId) || (!this.#known.has(jobId) && classifyJob({ status }) === "succeeded")

  /** Remembers which jobs were on a page that was requested at `sentAt`, and marks those that were missing. */
  onPage({ page, waits: expected }: PagePoll, response: JobPageResponse, sentAt: number): void {
    this.#failures = 0
    this.#remember(response)
    this.pages.onRead(page, response, sentAt, this.#waits)
    const shown = new Set(response.jobs.map((job) => job.jobId))
    for (const jobId of shown) for (const wait of this.#waits.forJob(jobId)) wait.seenOn = page
    const missing = expected.filter((wait) => !shown.has(wait.job.jobId))
    for (const wait of missing) if (wait.seenOn === page) wait.seenOn = undefined
    if (page.token === undefined) {
      this.#reach = 1 + response.jobIds.findLastIndex((jobId) => this.#waits.has(jobId))
    }
    this.#fruitless = missing.length < expected.length ? 0 : this.#fruitless + 1
    // Reading past many other jobs costs more than polling each of ours by itself.
    const isTooDeep = this.#fruitless > expected.length / 2 || response.jobIds.length === 0
    if (isTooDeep && typeof this.#author === "string") {
      this.#author = false
      this.pages.forget()
      return
    }
    this.#narrow(response)
    for (const wait of missing) {
      if (isTooDeep) wait.missingFromPage = pollFrequency.list.maxMissing
      else if (JobPages.holds(page, wait.createdAt)) wait.missingFromPage += 1
    }
  }

  onFailure({ page }: PagePoll, error: ApiError | undefined, now: number): void {
    this.#failures += 1
    const isTokenRefused = page.token !== undefined && error?.reason._tag === "Rejected"
    if (isTokenRefused) this.pages.forget()
    // An old token may have expired; a new one that is refused means that pages can't be followed.
    if (isTokenRefused && page.isRead) return
    this.#closedUntil = now + getBackoffMs(pollFrequency.failure.list, this.#failures)
  }

  /** Finished jobs that nothing waits for need not be decoded again. */
  #remember({ jobs }: JobPageResponse): void {
    for (const { jobId } of jobs) {
      if (this.#waits.has(jobId)) continue
      if (this.#known.size >= maxKnown) this.#known.clear()
      this.#known.add(jobId)
    }
  }

  /** Just long enough to reach the oldest job that is waited for, with room for some that are created meanwhile. */
  #getFirstPageSize(maxPageSize: number): number {
    const { minPageSize, reachFactor } = pollFrequency.list
    const reach = this.#reach === 0 ? 2 * this.#waits.size : this.#reach * reachFactor + minPageSize / 2
    return clamp(Math.ceil(reach), Math.min(minPageSize, maxPageSize), maxPageSize)
  }

  /** If other jobs lie between ours, and ours are all of one author, narrows the list to that author's. */
  #narrow(response: JobPageResponse): void {
    if (this.#author !== undefined) return
    const ours = response.jobs.filter((job) => this.#waits.has(job.jobId))
    const author = ours[0]?.authorId
    const others = response.authorIds.filter((other) => other !== "" && other !== author).length
    const isDiluted = ours.length >= pollFrequency.list.minOurJobs && others > ours.length / 2
    if (author === undefined || !isDiluted || ours.some((job) => job.authorId !== author)) return
    this.#author = author
    this.pages.forget()
  }
}
