import { Effect } from "effect"
import { type Job, type JobRef } from "../api/Job.ts"
import { type ApiError, WaitTimedOut } from "../errors.ts"
import { retryAfterOf } from "../http/RetryPolicy.ts"
import { classifyJob } from "./classifyJob.ts"
import { type Glimpse, glimpseOf } from "./Glimpse.ts"
import type { DurationExpectation } from "./Pace.ts"
import type { JobPage } from "./JobPages.ts"
import { pacedLook, type PlannedLook } from "./pacedLook.ts"

/** What reaches whoever waits: a look with something new in it, or the error in which the wait has ended. */
export type News = Effect.Effect<Job, WaitTimedOut | ApiError>

/** What the plan of a wait's next look needs to know of the world. Epoch milliseconds. */
export interface PlanningMoment {
  readonly now: number
  /** Scenario's clock, since a job's age is told by its dates. */
  readonly serverNow: number
  readonly expectation: DurationExpectation
  /** How many wait with it. */
  readonly waits: number
  /** 0..1: the jitter. */
  readonly chance: number
}

/** The last look comes this long before the deadline: what has finished in time is not reported as late. */
const lastLookLeadMs = 500

/** The last look gets this long, even when it begins just before the deadline. Milliseconds. */
const shortestLookMs = 1_000

/**
 * One wait: what it knows of its job, and when it is worth a look. A record in the watcher's list and nothing more:
 * there may be ten thousand.
 */
export class Wait {
  readonly job: JobRef
  /** Told of every change, else of the end alone. */
  readonly isTold: boolean
  /** Epoch milliseconds by our clock. */
  begunAt: number
  /** By so much Scenario's clock was ahead of it then, milliseconds. */
  #clockLead: number
  readonly #timeoutMs: number
  /** When the job was submitted by Scenario's clock, epoch milliseconds; NaN where unknown. */
  createdAt: number
  glimpse: Glimpse | undefined
  looks = 0
  /** Looks in a row that failed, and how the last one did. */
  failures = 0
  trouble: ApiError | undefined
  /** The next look: `PlannedLook`, its parts in the record itself. */
  nextAt = 0
  gapMs = 1
  worthMs = 1
  /** Nothing was learned yet of how long such jobs take. */
  isGuess = true
  /** When it became time for the last look. */
  lastCall: number | undefined
  /** A look that covers it is under way. */
  isCovered = false
  /** The page of the list on which it was last. */
  seenOn: JobPage | undefined
  /** Pages on which it should have been and was not. */
  misses = 0
  /** Whoever listens now; what nobody listened to waits in `news`. */
  listener: ((news: News) => void) | undefined
  news: News | undefined
  /** Another wait for the same job. */
  sibling: Wait | undefined

  constructor(options: {
    readonly job: JobRef
    readonly isTold: boolean
    readonly now: number
    readonly serverNow: number
    readonly timeoutMs: number
  }) {
    this.job = options.job
    this.isTold = options.isTold
    this.begunAt = options.now
    this.#clockLead = options.serverNow - options.now
    this.#timeoutMs = options.timeoutMs
    this.createdAt = Date.parse(options.job.submittedAt ?? "")
  }

  /** Decides when it is looked at next. After trouble that doubles from one second to half a minute; Retry-After wins. */
  plan(moment: PlanningMoment): void {
    this.isGuess = !moment.expectation.isLearned
    const planned = this.trouble === undefined ? pacedLook(this, moment) : this.#afterTrouble(moment)
    const lastLookAt = Math.max(moment.now, this.lastLookAt)
    const isLast = planned.at > lastLookAt
    this.nextAt = isLast ? lastLookAt : planned.at
    this.gapMs = isLast ? Math.min(planned.gapMs, 1_000) : planned.gapMs
    this.worthMs = planned.worthMs
  }

  #afterTrouble({ now, chance }: PlanningMoment): PlannedLook {
    const backoff = Math.min(30_000, 1_000 * 2 ** (this.failures - 1)) * (0.8 + 0.4 * chance)
    const delay = Math.max(backoff, this.trouble === undefined ? 0 : retryAfterOf(this.trouble))
    return { at: now + delay, gapMs: Math.min(delay, 1_000), worthMs: 1 }
  }

  /**
   * The delay that has probably built up since the job was seen, in milliseconds: its price when the next look is due,
   * growing by the square of the time.
   */
  delayAt(time: number): number {
    if (time >= this.lastLookAt) return lastLookWorthMs
    return this.worthMs * (Math.max(0, time - this.nextAt + this.gapMs) / this.gapMs) ** 2
  }

  /** Epoch milliseconds by our clock. */
  get deadline(): number {
    return this.begunAt + this.#timeoutMs
  }

  get lastLookAt(): number {
    return this.deadline - lastLookLeadMs
  }

  /** Whether it is looked at by itself only: it was not where it belongs on the list, or lies too deep in it. */
  get isUnlisted(): boolean {
    return this.misses >= mostMisses
  }

  isLastLookDue(now: number): boolean {
    return now >= this.lastLookAt
  }

  /** Whether the last look has had its time. */
  isOver(now: number): boolean {
    if (!this.isLastLookDue(now)) return false
    this.lastCall ??= now
    return now >= this.endsAt()
  }

  /** When it ends without another answer, epoch milliseconds; a machine that has slept still makes its last look. */
  endsAt(): number {
    return Math.max(this.deadline, (this.lastCall ?? this.lastLookAt) + shortestLookMs)
  }

  /** Keeps what a look has shown, and says whether that is worth waking somebody. */
  saw(job: Job): boolean {
    const before = this.glimpse
    this.glimpse = glimpseOf(job, this.job, before, this.isTold)
    const createdAt = Date.parse(job.createdAt ?? "")
    if (!Number.isNaN(createdAt)) this.createdAt = createdAt
    this.looks += 1
    this.failures = 0
    this.trouble = undefined
    return classifyJob(job) !== "waiting" || (this.isTold && before?.change !== this.glimpse.change)
  }

  /** Keeps how a look failed, and says whether that ends the wait. */
  failed(error: ApiError): boolean {
    this.looks += 1
    this.failures += 1
    this.trouble = error
    return endsWait(this, error)
  }

  /** The next thing to be heard of it. One listens at a time. */
  hear(): News {
    return Effect.callback((resume) => {
      const { news } = this
      this.news = undefined
      if (news === undefined) this.listener = resume
      else resume(news)
    })
  }

  tell(news: News): void {
    const listener = this.listener
    this.listener = undefined
    if (listener === undefined) this.news = news
    else listener(news)
  }

  /** The clock was set: every time in it moves along. */
  shift(ms: number): void {
    this.begunAt += ms
    this.#clockLead -= ms
    this.nextAt += ms
  }

  /**
   * How long the job can have taken at most, where the wait has seen it from its beginning: no longer than the wait and
   * what lay between the job's birth and it. Milliseconds.
   */
  longestPossible(now: number): number | undefined {
    const ageAtBeginning = this.begunAt + this.#clockLead - this.createdAt
    return Math.abs(ageAtBeginning) < 60_000 ? now - this.begunAt + Math.max(0, ageAtBeginning) : undefined
  }

  timedOut(now: number): WaitTimedOut {
    const standing = this.glimpse?.standing ?? []
    return new WaitTimedOut({
      job: this.job,
      lastStatus: this.glimpse?.status,
      progress: this.glimpse?.progress,
      waitedMs: now - this.begunAt,
      awaitingApproval: standing.length === 0 ? undefined : standing,
      lastTrouble: this.trouble?.message,
    })
  }
}

export const mostMisses = 2

/** Above whatever else there is. */
const lastLookWorthMs = 1e9

/**
 * Whether a failed look ends the wait. Passing trouble does not, for as long as there is time; a job that stays unknown
 * does (right after its submit it may not be listed yet), and so does an answer that stays incomprehensible.
 */
const endsWait = (wait: Wait, error: ApiError): boolean => {
  switch (error.reason._tag) {
    case "NotFound": {
      const wasReal = wait.glimpse !== undefined || wait.job.submittedAt !== undefined
      return wait.failures >= (wasReal ? 5 : 2)
    }
    case "UnexpectedBody":
      return wait.failures >= 6
    default:
      return !error.isRetryable
  }
}
