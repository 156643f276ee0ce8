import { Context, Effect, Fiber, Layer, Scope } from "effect"
import { type Job, readJobAnswer } from "../api/Job.ts"
import type { ApiError } from "../errors.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { DurationHistory } from "./DurationHistory.ts"
import { type DurationExpectation, priceOfLook } from "./Pace.ts"

/** What the account's other waits mean for the pace of one. */
export interface SharedPace {
  readonly expectation: DurationExpectation
  readonly price: number
  readonly waits: number
}

/** A look that is under way, and how many wait for it. */
interface OngoingLook {
  readonly fiber: Fiber.Fiber<Job, ApiError>
  sharers: number
}

/** Looks at the jobs of one account for everybody who waits: one watcher an account, not one loop a job. */
export class JobWatcher extends Context.Service<
  JobWatcher,
  {
    /** One look, sent once. Who asks for a job that is being looked at shares the answer. */
    look(jobId: string): Effect.Effect<Job, ApiError>
    /** Counts as one who waits, for as long as the scope is open. */
    readonly joinWaits: Effect.Effect<void, never, Scope.Scope>
    /** The pace for a job, given what is known of its kind and how many are waiting now. */
    paceFor(job: { readonly modelId?: string | undefined; readonly jobType?: string | undefined }): SharedPace
  }
>()("@scenario-automation/core/JobWatcher") {
  static readonly layer: Layer.Layer<JobWatcher, never, ScenarioHttp | DurationHistory> = Layer.effect(
    JobWatcher,
    Effect.gen(function* () {
      const http = yield* ScenarioHttp
      const history = yield* DurationHistory
      const scope = yield* Scope.Scope
      const ongoing = new Map<string, OngoingLook>()
      let waits = 0

      const fetchJob = (jobId: string) =>
        http.callFor(
          {
            method: "GET",
            path: `/jobs/${encodeURIComponent(jobId)}`,
            purpose: "look",
            jobId,
            isRepeatable: false,
          },
          readJobAnswer,
        )

      const begin = Effect.fnUntraced(function* (jobId: string) {
        const look: OngoingLook = { fiber: yield* Effect.forkIn(fetchJob(jobId), scope), sharers: 0 }
        ongoing.set(jobId, look)
        return look
      })

      /** The last one to go away ends the request, and who comes after begins a new one. */
      const leave = (jobId: string, look: OngoingLook) =>
        Effect.suspend(() => {
          look.sharers -= 1
          if (look.sharers > 0) return Effect.void
          ongoing.delete(jobId)
          return Fiber.interrupt(look.fiber)
        })

      return JobWatcher.of({
        look: (jobId) =>
          Effect.acquireUseRelease(
            Effect.tap(
              Effect.suspend(() => {
                const look = ongoing.get(jobId)
                return look === undefined ? begin(jobId) : Effect.succeed(look)
              }),
              (look) =>
                Effect.sync(() => {
                  look.sharers += 1
                }),
            ),
            ({ fiber }) => Fiber.join(fiber),
            (look) => leave(jobId, look),
          ),
        joinWaits: Effect.acquireRelease(
          Effect.sync(() => {
            waits += 1
          }),
          () =>
            Effect.sync(() => {
              waits -= 1
            }),
        ),
        paceFor: (job) => ({
          expectation: history.expect(job),
          price: priceOfLook(waits),
          waits,
        }),
      })
    }),
  )
}
