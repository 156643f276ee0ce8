import { Clock, Context, Effect, Layer, Random, Result, Scope } from "effect"
import { type Job, type JobRef, readJobAnswer } from "../api/Job.ts"
import type { ApiError } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import type { Look } from "./chooseLook.ts"
import { classifyJob } from "./classifyJob.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import { DurationHistory } from "./DurationHistory.ts"
import { Listing } from "./Listing.ts"
import { LookScheduler } from "./LookScheduler.ts"
import { SharedLooks } from "./SharedLooks.ts"
import { type News, Wait } from "./Wait.ts"
import { Waits } from "./Waits.ts"

/** What becomes of a wait's last news. */
type EndOfWait<A, E> = (news: News, job: JobRef) => Effect.Effect<A, E>

type Requirements = ScenarioHttp | DurationHistory | ScenarioConfig

/** Looks at the jobs of one account for everybody who waits: one watcher an account, not one loop a job. */
export class JobWatcher extends Context.Service<
  JobWatcher,
  {
    /** One look, sent once. Who asks for a job that is being looked at shares the answer. */
    look(jobId: string): Effect.Effect<Job, ApiError>
    /** What `end` makes of the last look at a job that has ended. Nothing else is kept: there may be ten thousand. */
    waitForEnd<A, E>(job: JobRef, timeoutMs: number, end: EndOfWait<A, E>): Effect.Effect<A, E>
    /** A wait that hears of every change. Whoever begins one leaves it. */
    begin(job: JobRef, timeoutMs: number): Effect.Effect<Wait>
    /** Nobody waits for it any more: looks at it for nobody else are given up. */
    leave(wait: Wait): Effect.Effect<void>
  }
>()("@scenario-automation/core/JobWatcher") {
  static readonly layer: Layer.Layer<JobWatcher, never, Requirements> = Layer.effect(
    JobWatcher,
    Effect.gen(function* () {
      const { requestsPerMinute } = yield* ScenarioConfig
      const http = yield* ScenarioHttp
      const history = yield* DurationHistory
      const scope = yield* Scope.Scope
      const waits = new Waits()
      const listing = new Listing(http, waits)
      const looks = new SharedLooks(scope, (jobId, onSend) =>
        http.callFor(callFor(jobId, onSend), readJobAnswer),
      )

      const moment = Effect.gen(function* () {
        return {
          now: yield* Clock.currentTimeMillis,
          serverNow: yield* http.serverTime,
          chance: yield* Random.next,
        }
      })
      type Moment = Effect.Success<typeof moment>

      const plan = (wait: Wait, at: Moment) => {
        const { glimpse, job } = wait
        const kind = {
          modelId: glimpse?.modelId ?? job.modelId,
          workflowId: glimpse?.workflowId ?? job.workflowId,
          jobType: glimpse?.jobType,
        }
        wait.plan({ ...at, expectation: history.expect(kind), waits: waits.size })
      }

      const finish = (wait: Wait, news: News) => {
        waits.delete(wait)
        wait.tell(news)
      }

      const saw = (job: Job, at: Moment) => {
        const isFinal = classifyJob(job) !== "waiting"
        if (isFinal && !waits.has(job.jobId)) history.learn(job)
        for (const wait of waits.of(job.jobId)) {
          const isNews = wait.saw(job)
          if (isFinal) {
            history.learn(job, wait.longestPossible(at.now))
            finish(wait, Effect.succeed(job))
          } else if (wait.isLastLookDue(at.now)) finish(wait, Effect.fail(wait.timedOut(at.now)))
          else {
            plan(wait, at)
            if (isNews) wait.tell(Effect.succeed(job))
          }
        }
      }

      const failed = (jobId: string, error: ApiError, at: Moment) => {
        for (const wait of waits.of(jobId)) {
          if (wait.failed(error)) finish(wait, Effect.fail(error))
          else if (wait.isLastLookDue(at.now)) finish(wait, Effect.fail(wait.timedOut(at.now)))
          else plan(wait, at)
        }
      }

      const perform = Effect.fnUntraced(function* (look: Look, onSend: Effect.Effect<void>) {
        switch (look._tag) {
          case "OneJob": {
            const { jobId } = look.wait.job
            const looked = yield* Effect.result(looks.look(jobId, onSend))
            const at = yield* moment
            if (Result.isSuccess(looked)) saw({ ...looked.success, jobId }, at)
            else failed(jobId, looked.failure, at)
            return Result.isFailure(looked) ? looked.failure : undefined
          }
          case "Page": {
            const read = yield* Effect.result(listing.read(look.page, look.company, onSend))
            const at = yield* moment
            if (Result.isSuccess(read)) for (const job of read.success) saw(job, at)
            else for (const wait of look.company) wait.trouble ??= read.failure
            return Result.isFailure(read) ? read.failure : undefined
          }
          case "Finished": {
            const read = yield* Effect.result(listing.readFinished(onSend))
            if (Result.isSuccess(read)) for (const job of read.success) history.learn(job)
            return undefined
          }
        }
      })

      const scheduler = new LookScheduler({ waits, listing, scope, requestsPerMinute, perform })

      yield* Effect.forkIn(scheduler.run, scope)

      const newWait = (job: JobRef, timeoutMs: number, isTold: boolean) =>
        Effect.map(moment, (at) => {
          const wait = new Wait({ job, isTold, timeoutMs, ...at })
          plan(wait, at)
          return wait
        })

      const add = (wait: Wait) => {
        waits.add(wait)
        scheduler.wakeUp()
      }

      const untilEnd = <A, E>(wait: Wait, end: EndOfWait<A, E>): Effect.Effect<A, E> =>
        Effect.callback((resume) => {
          wait.listener = listenerFor(resume, end, wait.job)
          add(wait)
          return scheduler.forget(wait)
        })

      return JobWatcher.of({
        look: (jobId) => looks.look(jobId),
        waitForEnd: (job, timeoutMs, end) =>
          Effect.flatMap(newWait(job, timeoutMs, false), (wait) => untilEnd(wait, end)),
        begin: (job, timeoutMs) =>
          Effect.tap(newWait(job, timeoutMs, true), (wait) => Effect.sync(() => add(wait))),
        leave: (wait) => scheduler.forget(wait),
      })
    }),
  )
}

/** A function of its own, since it holds on to whatever is in sight where it is made. */
const listenerFor =
  <A, E>(resume: (ended: Effect.Effect<A, E>) => void, end: EndOfWait<A, E>, job: JobRef) =>
  (news: News): void =>
    resume(end(news, job))

const callFor = (jobId: string, onSend: Effect.Effect<void>): ApiCall => ({
  method: "GET",
  path: `/jobs/${encodeURIComponent(jobId)}`,
  purpose: "look",
  jobId,
  isRepeatable: false,
  onSend,
})
