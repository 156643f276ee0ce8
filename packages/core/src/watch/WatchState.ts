import type { Job } from "../api/Job.ts"
import { lacksResult } from "../api/emptyResult.ts"
import { classifyJob } from "../api/jobStatus.ts"
import type { DurationHistory } from "../durations/DurationHistory.ts"
import type { ApiError } from "../errors.ts"
import { choosePoll, type PagePoll, type Poll, type SinglePoll } from "./choosePoll.ts"
import { pollFrequency } from "./pollFrequency.ts"
import { JobListReader } from "./JobListReader.ts"
import type { PollConditions } from "./planPoll.ts"
import { PollPauses } from "./PollPauses.ts"
import type { JobPageResponse } from "./readJobPage.ts"
import { SleepDetector } from "./SleepDetector.ts"
import type { Wait } from "./Wait.ts"
import type { WaitEvent } from "./WaitEvent.ts"
import { EmptySuccesses } from "./EmptySuccesses.ts"
import { WaitRegistry } from "./WaitRegistry.ts"

/** When something happens. */
export type Moment = Pick<PollConditions, "now" | "serverNow" | "random">

/** What the watcher does next: send a poll, or sleep until a time (monotonic milliseconds). */
export type WatchAction = Poll | { readonly _tag: "Sleep"; readonly until: number }

/** The result of a poll. */
export type PollResult =
  | { readonly _tag: "Job"; readonly job: Job }
  | { readonly _tag: "Page"; readonly response: JobPageResponse }
  | { readonly _tag: "Failed"; readonly error: ApiError }
  | { readonly _tag: "Died"; readonly defect: unknown }
  | { readonly _tag: "GivenUp" }

/** A poll in flight, and the waits that it covers. */
interface SentPoll {
  readonly at: number
  readonly covered: ReadonlyArray<Wait>
}

interface Options {
  readonly history: DurationHistory["Service"]
  /** What the account may ask of the API. */
  readonly requestsPerMinute: number
  /** Rows that a page of the list can have. */
  readonly maxPageSize: () => number
}

/**
 * The watcher's state machine: what it knows of its waits, what it does next, and what a poll's result changes. It has no
 * clock, sends nothing, and starts no fiber. A defect in what it does for one wait ends that wait; it is kept in
 * `takeDefects` to be logged.
 */
export class WatchState {
  readonly waits = new WaitRegistry()
  readonly list = new JobListReader(this.waits)
  readonly #options: Options
  readonly #inFlight = new Map<Poll, SentPoll>()
  /** A poll was decided on and the budget has not let it go yet. */
  #queued: Poll | undefined
  #polls = 0
  #defects: Array<unknown> = []
  readonly #pauses: PollPauses
  readonly #sleeps = new SleepDetector()
  readonly #empty = new EmptySuccesses()

  constructor(options: Options) {
    this.#options = options
    this.#pauses = new PollPauses(options.requestsPerMinute)
  }

  isInFlight(poll: Poll): boolean {
    return this.#inFlight.has(poll)
  }

  /** Decides when a wait is polled next. */
  plan(wait: Wait, moment: Moment): void {
    const expectation = this.#options.history.expect({
      modelId: wait.job.modelId,
      workflowId: wait.job.workflowId,
      jobType: wait.state?.jobType,
    })
    wait.setPlan({ ...moment, expectation, waits: this.waits.size })
  }

  /** Adds a wait that has a plan. */
  add(wait: Wait): void {
    this.waits.add(wait)
  }

  /** Removes a wait, and returns the polls in flight that only served it. */
  remove(wait: Wait): ReadonlyArray<Poll> {
    this.waits.delete(wait)
    const { jobId } = wait.job
    const servesOnly = (poll: Poll) =>
      this.waits.size === 0 ||
      (poll._tag === "Single" && poll.wait.job.jobId === jobId && !this.waits.has(jobId))
    return [...this.#inFlight.keys()].filter(servesOnly)
  }

  /** Ends the waits whose time is up, and decides what to do next. */
  next(now: number): WatchAction {
    this.#noticeSleep(now)
    const nextCheck = this.#endOverdue(now)
    const action = this.#decide(now)
    const until = action._tag === "Sleep" ? Math.min(nextCheck, action.until) : now
    this.#sleeps.expect(until)
    if (action._tag !== "Sleep") return action
    // Timers can't be longer than some days.
    return {
      _tag: "Sleep",
      until: until === Infinity ? until : Math.min(until, now + pollFrequency.decision.maxIdleMs),
    }
  }

  /** The poll is on its way: it waits for the budget. */
  onStart(poll: Poll, now: number): void {
    this.#polls += 1
    this.#queued = poll
    this.#pauses.onPoll(this.waits.size, now)
    const covered = [...this.#getCovered(poll)]
    for (const wait of covered) wait.inFlight = true
    this.#inFlight.set(poll, { at: now, covered })
  }

  /** The budget has let the poll go: the next one can be decided on. */
  onSent(poll: Poll): void {
    if (this.#queued === poll) this.#queued = undefined
  }

  /** The one place where a poll's result changes anything. Returns the queued poll if it has to be chosen again. */
  onResult(poll: Poll, result: PollResult, moment: Moment): Poll | undefined {
    const sent = this.#inFlight.get(poll)
    this.#inFlight.delete(poll)
    try {
      this.#apply(poll, result, moment, sent?.at ?? 0)
      if (result._tag !== "GivenUp") this.#pauses.onResult(isOutage(result), moment.now)
    } catch (defect) {
      this.#defects.push(defect)
    }
    for (const wait of sent?.covered ?? []) wait.inFlight = false
    if (this.#queued === poll) {
      this.#queued = undefined
      return undefined
    }
    // After a response another poll may be worth more than the queued one.
    return this.#queued
  }

  /** Defects since the last call. */
  takeDefects(): ReadonlyArray<unknown> {
    const defects = this.#defects
    if (defects.length > 0) this.#defects = []
    return defects
  }

  #apply(poll: Poll, result: PollResult, moment: Moment, sentAt: number): void {
    const isFresh = sentAt >= this.#sleeps.wokenAt
    switch (result._tag) {
      case "Job": {
        if (poll._tag === "Single")
          this.#onJob({ ...result.job, jobId: poll.wait.job.jobId }, moment, isFresh)
        return
      }
      case "Page": {
        if (poll._tag === "Page") this.list.onPage(poll, result.response, sentAt)
        for (const job of result.response.jobs) this.#onListedJob(job, moment, isFresh)
        return
      }
      case "Failed":
      case "Died": {
        const error = result._tag === "Failed" ? result.error : undefined
        if (result._tag === "Died") this.#defects.push(result.defect)
        if (poll._tag === "Page") this.#onPageFailure(poll, error, moment.now)
        if (poll._tag !== "Single") return
        if (result._tag === "Failed") this.#onFailure(poll, result.error, moment)
        else this.#endAll(poll.wait.job.jobId, result.defect)
        return
      }
      case "GivenUp":
        return
    }
  }

  #onListedJob(job: Job, moment: Moment, isFresh: boolean): void {
    if (!lacksResult(job) || !this.waits.has(job.jobId)) {
      this.#onJob(job, moment, isFresh)
      return
    }
    for (const wait of this.waits.forJob(job.jobId)) wait.confirm(moment.now)
  }

  #onJob(job: Job, moment: Moment, isFresh: boolean): void {
    const isFinal = classifyJob(job) !== "waiting"
    if (isFinal && !this.waits.has(job.jobId)) this.#learn(job)
    for (const wait of this.waits.forJob(job.jobId)) {
      this.#guard(wait, () => {
        const hasChanged = wait.onJob(job)
        const rereadAt = this.#empty.onJob(wait, job, moment.now)
        if (rereadAt !== undefined) {
          wait.confirm(rereadAt)
          return
        }
        if (isFinal) {
          this.#learn(job, wait, moment)
          this.#end(wait, { _tag: "JobChanged", job })
          return
        }
        if (isFresh && moment.now >= wait.lastPollAt) wait.finishLastPoll()
        this.plan(wait, moment)
        if (hasChanged) wait.emit({ _tag: "JobChanged", job })
      })
    }
  }

  #onFailure(poll: SinglePoll, error: ApiError, moment: Moment): void {
    for (const wait of this.waits.forJob(poll.wait.job.jobId)) {
      this.#guard(wait, () => {
        if (wait.onFailure(error)) this.#end(wait, { _tag: "PollFailed", error })
        else this.plan(wait, moment)
      })
    }
  }

  #onPageFailure(poll: PagePoll, error: ApiError | undefined, now: number): void {
    this.list.onFailure(poll, error, now)
    for (const wait of poll.waits) wait.error ??= error
  }

  /** A defect in learning must not lose a result. */
  #learn(job: Job, wait?: Wait, moment?: Moment): void {
    try {
      const maxMs = wait === undefined || moment === undefined ? undefined : getMaxDuration(wait, moment)
      this.#options.history.learn(job, { maxMs, modelId: wait?.job.modelId })
    } catch (defect) {
      this.#defects.push(defect)
    }
  }

  #end(wait: Wait, event: WaitEvent): void {
    this.waits.delete(wait)
    const job = event._tag === "Defect" ? undefined : this.#empty.take(wait)
    wait.emit(job === undefined || event._tag === "JobChanged" ? event : { _tag: "JobChanged", job })
  }

  #endAll(jobId: string, defect: unknown): void {
    for (const wait of this.waits.forJob(jobId)) this.#end(wait, { _tag: "Defect", defect })
  }

  /** A defect in what is done for one wait ends that wait. */
  #guard(wait: Wait, act: () => void): void {
    try {
      act()
    } catch (defect) {
      this.#defects.push(defect)
      this.#end(wait, { _tag: "Defect", defect })
    }
  }

  /** Ends the waits whose time is up, and returns when to check again. */
  #endOverdue(now: number): number {
    let next = Infinity
    for (const wait of this.waits) {
      this.#guard(wait, () => {
        if (wait.isOver(now)) {
          const { state, error } = wait
          this.#end(wait, { _tag: "TimedOut", waitedMs: Math.round(now - wait.begunAt), state, error })
        } else next = Math.min(next, wait.getNextCheck())
      })
    }
    return next
  }

  #decide(now: number): WatchAction {
    const { waits } = this
    if (this.#queued !== undefined || waits.size === 0) return { _tag: "Sleep", until: Infinity }
    const { until } = this.#pauses
    if (now < until) return { _tag: "Sleep", until }
    try {
      return this.#choose(waits, waits.size, now)
    } catch (defect) {
      this.#defects.push(defect)
      return this.#decideWithoutFailing(now, defect)
    }
  }

  #choose(waits: Iterable<Wait>, count: number, now: number): WatchAction {
    return choosePoll({
      now,
      waits,
      count,
      pages: this.list.pages,
      canList: this.list.isOpen(now),
      maxPageSize: this.#options.maxPageSize(),
      isTurnOfLatest:
        this.#polls % pollFrequency.decision.pollsPerTurn === pollFrequency.decision.pollsPerTurn - 1,
    })
  }

  /** Ends the waits that no poll can be chosen for, and polls the rest one by one if none stands out. */
  #decideWithoutFailing(now: number, defect: unknown): WatchAction {
    const failing: Array<Wait> = []
    let first: Wait | undefined
    for (const wait of this.waits) {
      try {
        this.#choose([wait], 1, now)
        if (!wait.inFlight && (first === undefined || wait.dueAt < first.dueAt)) first = wait
      } catch {
        failing.push(wait)
      }
    }
    for (const wait of failing) this.#end(wait, { _tag: "Defect", defect })
    if (failing.length > 0) return { _tag: "Sleep", until: now }
    if (first === undefined) return { _tag: "Sleep", until: now + pollFrequency.failure.poll.firstMs }
    return first.dueAt <= now ? { _tag: "Single", wait: first } : { _tag: "Sleep", until: first.dueAt }
  }

  /** After the machine has slept, every wait is polled once more before it may time out. */
  #noticeSleep(now: number): void {
    if (!this.#sleeps.check(now)) return
    this.#pauses.end()
    this.list.open()
    for (const wait of this.waits) wait.extendAfterSleep(now)
  }

  #getCovered(poll: Poll): Iterable<Wait> {
    switch (poll._tag) {
      case "Single":
        return this.waits.forJob(poll.wait.job.jobId)
      case "Page":
        return poll.waits
    }
  }
}

/**
 * How long a job can have taken at most, if the wait has seen it from its beginning: no longer than the wait and what lay
 * between the job's creation and it. Milliseconds.
 */
const getMaxDuration = (wait: Wait, { now, serverNow }: Moment): number | undefined => {
  const waitedMs = now - wait.begunAt
  const ageAtBeginning = serverNow - waitedMs - wait.createdAt
  return Math.abs(ageAtBeginning) < 60_000 ? waitedMs + Math.max(0, ageAtBeginning) : undefined
}

/** Whether a poll failed temporarily. */
const isOutage = (result: PollResult): boolean => result._tag === "Failed" && result.error.isRetryable
