import * as Effect from "effect/Effect"
import { type Job, type JobRef, toJobRef } from "../api/Job.ts"
import { classifyJob } from "../api/jobStatus.ts"
import type { ApiError } from "../errors.ts"
import { pollFrequency } from "./pollFrequency.ts"
import type { JobPage } from "./JobPages.ts"
import { type JobState, toJobState } from "./JobState.ts"
import { planAfterFailure, type PollConditions, planPoll } from "./planPoll.ts"
import type { Trace } from "../tracing.ts"
import type { WaitEvent } from "./WaitEvent.ts"

export interface WaitOptions {
  readonly job: JobRef
  /** True if the listener wants every change; otherwise only the end. */
  readonly isWatched: boolean
  /** Monotonic milliseconds. */
  readonly now: number
  readonly timeoutMs: number
  readonly trace?: Trace | undefined
}

/**
 * One wait: what it knows of its job, and when the next poll is due. A record in the watcher's registry and nothing more:
 * there may be ten thousand. Times are whole monotonic milliseconds if not said otherwise.
 */
export class Wait {
  job: JobRef
  readonly isWatched: boolean
  /** Its polls belong to this span. */
  readonly trace: Trace | undefined
  readonly begunAt: number
  /** By when it must be over. */
  readonly deadline: number
  /** When the job was submitted by Scenario's clock, epoch milliseconds; NaN if unknown. */
  createdAt: number
  /** What the last successful poll showed. */
  state: JobState | undefined
  polls = 0
  /** Polls in a row that failed, and how the last one did. */
  failures = 0
  error: ApiError | undefined
  /** The next poll: a `PollPlan`, in the record itself because an object of its own takes 24 bytes more. */
  dueAt = 0
  gapMs = 1
  costMs = 1
  /** A poll that covers it is in flight. */
  inFlight = false
  /** When it ends without a response to its last poll: 0 until that is due, the deadline once it has succeeded. */
  givesUpAt = 0
  /** The page of the list on which it was last. */
  seenOn: JobPage | undefined
  /** Pages on which it should have been and was not. */
  missingFromPage = 0
  /** Receives the next event; while nothing listens, the last event waits in `event`. */
  listener: ((event: WaitEvent) => void) | undefined
  event: WaitEvent | undefined
  /** Another wait for the same job. */
  sibling: Wait | undefined

  constructor({ job, isWatched, now, timeoutMs, trace }: WaitOptions) {
    this.job = job
    this.isWatched = isWatched
    this.trace = trace
    this.begunAt = Math.floor(now)
    // Rounded up: it must not end early.
    this.deadline = Math.ceil(now + Math.max(0, timeoutMs))
    this.createdAt = Date.parse(job.submittedAt ?? "")
  }

  get lastPollAt(): number {
    return this.deadline - pollFrequency.lastPoll.leadMs
  }

  /** Whether it is only polled by itself: the list doesn't show it on the page of its age, shows it too deep, or without its result. */
  get isUnlisted(): boolean {
    return this.missingFromPage >= pollFrequency.list.maxMissing
  }

  /** Whether neither the job's age nor its state is known: a bare ID, before its first poll. */
  get isAgeUnread(): boolean {
    return this.state === undefined && Number.isNaN(this.createdAt)
  }

  get isLastPollDone(): boolean {
    return this.givesUpAt === this.deadline
  }

  /** Nothing is left to do before the deadline. */
  finishLastPoll(): void {
    this.givesUpAt = this.deadline
  }

  /** Decides when it is polled next. */
  setPlan(conditions: PollConditions): void {
    const { now } = conditions
    const plan =
      this.error === undefined
        ? planPoll(this, conditions)
        : planAfterFailure(this.error, this.failures, conditions)
    const isBackingOff = this.error !== undefined && now >= this.lastPollAt
    const lastPollAt = Math.max(now, this.lastPollAt)
    const isLast = !isBackingOff && plan.at > lastPollAt
    this.dueAt = isLast ? lastPollAt : plan.at
    this.gapMs = isLast ? Math.min(plan.gapMs, pollFrequency.lastPoll.minMs) : plan.gapMs
    this.costMs = plan.costMs
    // A failed last poll is repeated only if its time allows.
    if (isBackingOff && this.dueAt >= this.givesUpAt) this.finishLastPoll()
  }

  /** It was shown as succeeded without a result: only a poll of its own, at `at`, can say that it has ended so. */
  confirm(at: number): void {
    this.missingFromPage = pollFrequency.list.maxMissing
    this.dueAt = Math.ceil(at)
    this.gapMs = 1
    this.costMs = 1
  }

  /**
   * The delay that has probably built up since its last poll, in milliseconds: its cost when the next poll is due,
   * growing by the square of the time.
   */
  getExpectedDelay(time: number): number {
    if (time >= this.lastPollAt) {
      return this.isLastPollDone || time < this.dueAt ? 0 : pollFrequency.lastPoll.expectedDelayMs
    }
    return this.costMs * (Math.max(0, time - this.dueAt + this.gapMs) / this.gapMs) ** 2
  }

  /** Whether its time is up, and its last poll had its own. */
  isOver(now: number): boolean {
    if (now < this.lastPollAt) return false
    if (this.givesUpAt === 0) this.givesUpAt = Math.max(this.deadline, now + pollFrequency.lastPoll.minMs)
    return now >= this.deadline && now >= this.givesUpAt
  }

  /** When `isOver` can change next. */
  getNextCheck(): number {
    return this.givesUpAt === 0 ? this.lastPollAt : this.givesUpAt
  }

  /** The machine has slept past its last poll: it gets another, and time for it. */
  extendAfterSleep(now: number): void {
    if (now < this.lastPollAt) return
    this.givesUpAt = now + pollFrequency.lastPoll.afterSleepMs
  }

  /** Keeps what a poll showed, and returns whether the listener wants to know. */
  onJob(job: Job): boolean {
    const before = this.state
    this.state = toJobState(job, before, this.isWatched)
    this.job = complete(this.job, job)
    const createdAt = Date.parse(job.createdAt ?? "")
    if (!Number.isNaN(createdAt)) this.createdAt = createdAt
    this.polls += 1
    this.failures = 0
    this.error = undefined
    return (
      classifyJob(job) !== "waiting" || (this.isWatched && before?.fingerprint !== this.state.fingerprint)
    )
  }

  /** Keeps how a poll failed, and returns whether that ends the wait. */
  onFailure(error: ApiError): boolean {
    this.polls += 1
    this.failures += 1
    this.error = error
    return isFatal(this, error)
  }

  /** The next event. One caller listens at a time. */
  next(): Effect.Effect<WaitEvent> {
    return Effect.callback((resume) => {
      const { event } = this
      this.event = undefined
      if (event === undefined) this.listener = (next) => resume(Effect.succeed(next))
      else resume(Effect.succeed(event))
    })
  }

  emit(event: WaitEvent): void {
    const { listener } = this
    this.listener = undefined
    if (listener === undefined) this.event = event
    else listener(event)
  }
}

/** What a reference leaves out, the job itself shows. Reuses the reference if it has it all. */
const complete = (ref: JobRef, job: Job): JobRef => {
  const { submittedAt, modelId, workflowId } = toJobRef(job, ref)
  const isComplete =
    (ref.submittedAt !== undefined || submittedAt === undefined) &&
    ref.modelId === modelId &&
    ref.workflowId === workflowId
  return isComplete
    ? ref
    : { jobId: ref.jobId, submittedAt: ref.submittedAt ?? submittedAt, modelId, workflowId }
}

/**
 * Whether a failed poll ends the wait. A passing error doesn't, as long as there is time; a job that stays unknown does,
 * and so does a response that stays unreadable.
 */
const isFatal = (wait: Wait, error: ApiError): boolean => {
  const { maxNotFound, maxNeverFound, maxUnreadable } = pollFrequency.failure
  switch (error.reason._tag) {
    case "NotFound": {
      const wasFound = wait.state !== undefined || wait.job.submittedAt !== undefined
      return wait.failures >= (wasFound ? maxNotFound : maxNeverFound)
    }
    case "UnexpectedBody":
      return wait.failures >= maxUnreadable
    default:
      return !error.isRetryable
  }
}
