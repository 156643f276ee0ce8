import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { type Job, type JobRef, readJobResponse } from "../api/Job.ts"
import { DurationHistory } from "../durations/DurationHistory.ts"
import type { ApiError } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { JobListPages } from "../http/JobListPages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { monotonicMillis } from "../utils/monotonic.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import { getTrace } from "../tracing.ts"
import type { Poll } from "./choosePoll.ts"
import { InFlightPolls } from "./InFlightPolls.ts"
import { type JobPageResponse, readJobPage } from "./readJobPage.ts"
import { tracePoll } from "./tracePoll.ts"
import { Wait } from "./Wait.ts"
import type { WaitEvent } from "./WaitEvent.ts"
import { WakeableSleep } from "../utils/WakeableSleep.ts"
import { type Moment, type PollResult, WatchState } from "./WatchState.ts"

/** Turns a wait's last event into the caller's result. Runs in the caller's fiber. */
type EndOfWait<A, E> = (event: WaitEvent, job: JobRef) => Effect.Effect<A, E>

type Requirements = ScenarioHttp | JobListPages | DurationHistory | ScenarioConfig

/** Polls the jobs of one account for all of their waits: one watcher per account, not one loop per job. */
export class JobWatcher extends Context.Service<
  JobWatcher,
  {
    /** Polls a job once. Concurrent calls for the same job share one request. */
    poll(jobId: string): Effect.Effect<Job, ApiError>
    /** The result of `end` for the last event of a wait. Nothing else is kept, because there may be ten thousand waits. */
    waitForEnd<A, E>(job: JobRef, timeoutMs: number, end: EndOfWait<A, E>): Effect.Effect<A, E>
    /** A wait that receives every change. The caller ends it with `leave`. */
    begin(job: JobRef, timeoutMs: number): Effect.Effect<Wait>
    /** Removes a wait, and cancels requests that only served it. */
    leave(wait: Wait): Effect.Effect<void>
  }
>()("@scenario-automation/core/JobWatcher") {
  /** @internal */
  static readonly layer: Layer.Layer<JobWatcher, never, Requirements> = Layer.effect(
    JobWatcher,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const { requestsPerMinute } = yield* ScenarioConfig
  const http = yield* ScenarioHttp
  const lists = yield* JobListPages
  const history = yield* DurationHistory
  const scope = yield* Scope.Scope
  const sleep = new WakeableSleep()
  const fibers = new Map<Poll, Fiber.Fiber<void>>()
  const state = new WatchState({ history, requestsPerMinute, maxPageSize: () => lists.maxPageSize() })
  const singles = new InFlightPolls(scope, (jobId, onSend) =>
    http.callFor(toCall(jobId, onSend), readJobResponse),
  )

  const moment = Effect.gen(function* () {
    const now = yield* monotonicMillis
    return { now, serverNow: yield* http.serverTime, random: yield* Random.next } satisfies Moment
  })
  let lastMoment: Moment = yield* moment

  // A logger that fails must not stop the watcher.
  const logDefects = Effect.suspend(() =>
    Effect.exit(Effect.forEach(state.takeDefects(), logDefect, { discard: true })),
  )

  const send = (poll: Poll, onSend: Effect.Effect<void>): Effect.Effect<PollResult, ApiError> => {
    switch (poll._tag) {
      case "Single":
        return Effect.map(singles.poll(poll.wait.job.jobId, onSend), (job) => ({ _tag: "Job", job }))
      case "Page": {
        const call = state.list.getCall(poll, lists.maxPageSize())
        return Effect.map(lists.read({ ...call, onSend }, readJobPage(state.list.isWanted)), toPage)
      }
    }
  }

  /** Every result of a poll enters the watcher here, once. */
  const onExit = Effect.fnUntraced(function* (poll: Poll, exit: Exit.Exit<PollResult, ApiError>) {
    const read = yield* Effect.exit(moment)
    if (Exit.isSuccess(read)) lastMoment = read.value
    const outdated = state.onResult(poll, toResult(exit), lastMoment)
    const fiber = outdated && fibers.get(outdated)
    fibers.delete(poll)
    yield* logDefects
    if (fiber !== undefined) yield* Fiber.interrupt(fiber)
    sleep.wake()
  })

  const start = Effect.fnUntraced(function* (poll: Poll, now: number) {
    const onSend = Effect.sync(() => {
      state.onSent(poll)
      sleep.wake()
    })
    const request = Effect.suspend(() => {
      state.onStart(poll, now)
      return tracePoll(poll, send(poll, onSend), state.waits)
    }).pipe(
      Effect.onExit((exit) => onExit(poll, exit)),
      Effect.exit,
      Effect.asVoid,
    )
    // At once, because a fiber that is interrupted before it begins doesn't run `onExit`.
    const fiber = yield* Effect.forkIn(request, scope, { startImmediately: true })
    if (state.isInFlight(poll)) fibers.set(poll, fiber)
  })

  const step = Effect.gen(function* () {
    const now = yield* monotonicMillis
    const action = state.next(now)
    yield* logDefects
    if (action._tag === "Sleep") yield* sleep.sleep(action.until - now)
    else yield* start(action, now)
  }).pipe(
    // Nothing may end the loop: every wait of the account would hang.
    Effect.catchDefect((defect) => Effect.andThen(Effect.exit(logDefect(defect)), Effect.sleep("1 second"))),
  )

  yield* Effect.forkIn(
    Effect.gen(function* () {
      while (true) yield* step
    }),
    scope,
  )

  const newWait = (job: JobRef, timeoutMs: number, isWatched: boolean) =>
    Effect.withFiber((fiber) => {
      const trace = getTrace(fiber)
      return Effect.map(moment, (at) => {
        const wait = new Wait({ job, isWatched, timeoutMs, now: at.now, trace })
        state.plan(wait, at)
        return wait
      })
    })

  const add = (wait: Wait) => {
    state.add(wait)
    sleep.wake()
  }

  const remove = (wait: Wait): Effect.Effect<void> => {
    const idle = state.remove(wait).flatMap((poll) => fibers.get(poll) ?? [])
    if (state.waits.size === 0) sleep.wake()
    return Fiber.interruptAll(idle)
  }
  // Ten thousand waits may need this: a closure for each would take half a megabyte.
  const leave = (wait: Wait): Effect.Effect<void> => Effect.flatMap(Effect.succeed(wait), remove)

  const untilEnd = <A, E>(wait: Wait, end: EndOfWait<A, E>): Effect.Effect<A, E> =>
    Effect.callback((resume) => {
      wait.listener = toListener(resume, end, wait)
      add(wait)
      return leave(wait)
    })

  return JobWatcher.of({
    poll: (jobId) => singles.poll(jobId),
    waitForEnd: (job, timeoutMs, end) =>
      Effect.flatMap(newWait(job, timeoutMs, false), (wait) => untilEnd(wait, end)),
    begin: (job, timeoutMs) =>
      Effect.tap(newWait(job, timeoutMs, true), (wait) => Effect.sync(() => add(wait))),
    leave,
  })
})

/** A separate function, because a closure keeps everything in its scope alive. */
const toListener =
  <A, E>(resume: (ended: Effect.Effect<A, E>) => void, end: EndOfWait<A, E>, wait: Wait) =>
  (event: WaitEvent): void =>
    resume(Effect.suspend(() => end(event, wait.job)))

const toPage = (response: JobPageResponse): PollResult => ({
  _tag: "Page",
  response,
})

const toResult = (exit: Exit.Exit<PollResult, ApiError>): PollResult => {
  if (Exit.isSuccess(exit)) return exit.value
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (error !== undefined) return { _tag: "Failed", error }
  return Cause.hasDies(exit.cause) ? { _tag: "Died", defect: Cause.squash(exit.cause) } : { _tag: "GivenUp" }
}

const logDefect = (defect: unknown): Effect.Effect<void> =>
  Effect.logError(
    "A bug in the job watcher ended one wait or one poll; the others continue.",
    Cause.die(defect),
  )

const toCall = (jobId: string, onSend: Effect.Effect<void>): ApiCall => ({
  method: "GET",
  path: `/jobs/${encodeURIComponent(jobId)}`,
  purpose: "poll",
  jobId,
  isRepeatable: false,
  onSend,
})
