import { Clock, Effect, Result } from "effect"
import type { Job } from "../api/Job.ts"
import type { ApiError } from "../errors.ts"
import type { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { largestPage } from "./chooseLook.ts"
import { clamp } from "./clamp.ts"
import { classifyJob } from "./classifyJob.ts"
import { type JobPage, JobPages } from "./JobPages.ts"
import { type JobPageAnswer, readJobPage } from "./readJobPage.ts"
import { mostMisses, type Wait } from "./Wait.ts"
import type { Waits } from "./Waits.ts"

const smallestPage = 20

/** Reads the account's list of jobs for those who wait, and knows where on it they are. */
export class Listing {
  readonly pages = new JobPages()
  readonly #http: ScenarioHttp["Service"]
  readonly #waits: Waits
  /** Finished jobs of others that have been read: one reading teaches all there is to learn. */
  readonly #known = new Set<string>()
  #closedUntil = 0
  #failures = 0
  /** Pages in a row that showed nobody's job. */
  #barren = 0
  /** Whose jobs ours are; a list of theirs alone is shorter. `undefined` while unknown, false where that went wrong. */
  #author: string | false | undefined
  /** So many jobs of the first page reach the last one that somebody waits for. */
  #reach = 0

  constructor(http: ScenarioHttp["Service"], waits: Waits) {
    this.#http = http
    this.#waits = waits
  }

  /** After a list could not be read, jobs are looked at one by one for a while. */
  isOpen(now: number): boolean {
    return now >= this.#closedUntil
  }

  /** The jobs of a page that somebody waits for, and others that have finished. Whoever was missing is marked. */
  read(
    page: JobPage,
    company: ReadonlyArray<Wait>,
    onSend: Effect.Effect<void>,
  ): Effect.Effect<ReadonlyArray<Job>, ApiError> {
    const size = page.token === undefined ? this.#firstPageSize() : largestPage
    return Effect.gen({ self: this }, function* () {
      const query = { pageSize: size, paginationToken: page.token, authorId: this.#author || undefined }
      const result = yield* Effect.result(this.#fetch(query, onSend))
      if (Result.isFailure(result)) {
        this.#fail(result.failure, page, yield* Clock.currentTimeMillis)
        return yield* result.failure
      }
      this.#failures = 0
      this.#settle(page, company, result.success)
      return result.success.jobs
    })
  }

  /** A page of finished jobs: they teach how long jobs take before the first of ours has ended. */
  readFinished(onSend: Effect.Effect<void>): Effect.Effect<ReadonlyArray<Job>, ApiError> {
    return Effect.map(this.#fetch({ pageSize: largestPage, status: "success" }, onSend), ({ jobs }) => jobs)
  }

  #fetch(query: Record<string, string | number | undefined>, onSend: Effect.Effect<void>) {
    return this.#http.callFor(
      { method: "GET", path: "/jobs", query, purpose: "look", isRepeatable: false, onSend },
      readJobPage((jobId, status) => this.#waits.has(jobId) || this.#isNew(jobId, status)),
    )
  }

  #isNew(jobId: string, status: string): boolean {
    if (classifyJob({ status }) !== "succeeded" || this.#known.has(jobId)) return false
    if (this.#known.size >= mostKnown) this.#known.clear()
    this.#known.add(jobId)
    return true
  }

  /** Just so long that it reaches the oldest job that somebody waits for, with room for some that are born meanwhile. */
  #firstPageSize(): number {
    const reach = this.#reach === 0 ? 2 * this.#waits.size : this.#reach * 1.25 + smallestPage / 2
    return clamp(Math.ceil(reach), smallestPage, largestPage)
  }

  #settle(page: JobPage, company: ReadonlyArray<Wait>, answer: JobPageAnswer): void {
    this.pages.read(page, answer)
    const seen = new Set(answer.jobs.map((job) => job.jobId))
    for (const jobId of seen) for (const wait of this.#waits.of(jobId)) wait.seenOn = page
    const missing = company.filter((wait) => !seen.has(wait.job.jobId))
    for (const wait of missing) if (wait.seenOn === page) wait.seenOn = undefined
    if (page.token === undefined)
      this.#reach = 1 + answer.jobIds.findLastIndex((jobId) => this.#waits.has(jobId))
    this.#barren = missing.length < company.length ? 0 : this.#barren + 1
    // To read on through other people's jobs costs more than a look at each of ours.
    const isTooDeep = this.#barren > company.length / 2 || answer.jobIds.length === 0
    if (isTooDeep && typeof this.#author === "string") {
      this.#author = false
      this.pages.forget()
      return
    }
    this.#narrow(answer)
    for (const wait of missing) {
      if (isTooDeep) wait.misses = mostMisses
      else if (JobPages.holds(page, wait.createdAt)) wait.misses += 1
    }
  }

  /** Where others' jobs lie between ours, and ours are all of one author, the list is narrowed to that author's. */
  #narrow(answer: JobPageAnswer): void {
    if (this.#author !== undefined) return
    const ours = answer.jobs.filter((job) => this.#waits.has(job.jobId))
    const author = ours[0]?.authorId
    const others = answer.authorIds.filter((other) => other !== "" && other !== author).length
    const isDiluted = ours.length >= enoughOurs && others > ours.length / 2
    if (author === undefined || !isDiluted || ours.some((job) => job.authorId !== author)) return
    this.#author = author
    this.pages.forget()
  }

  #fail(error: ApiError, page: JobPage, now: number): void {
    this.#failures += 1
    const isTokenRefused = page.token !== undefined && error.reason._tag === "Rejected"
    if (isTokenRefused) this.pages.forget()
    // An old token may have died; one that was just given and is refused leads nowhere.
    if (isTokenRefused && page.isRead) return
    this.#closedUntil = now + Math.min(longestCloseMs, 1_000 * 2 ** this.#failures)
  }
}

const mostKnown = 5_000
/** So many of ours on one page tell whose they are. */
const enoughOurs = 10
const longestCloseMs = 300_000
