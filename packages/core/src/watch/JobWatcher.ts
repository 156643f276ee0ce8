import { Context, Effect, Exit, Layer, Request, RequestResolver, Scope } from "effect"
import { type Job, readJob } from "../api/Job.ts"
import type { ApiError } from "../errors.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import { DurationHistory } from "./DurationHistory.ts"
import { type DurationExpectation, longestGapFor, priceOfLook } from "./Pace.ts"

class LookAtJob extends Request.TaggedClass("LookAtJob")<{ readonly jobId: string }, Job, ApiError> {}

/** What the account's other waits mean for the pace of one. */
export interface SharedPace {
  readonly expectation: DurationExpectation
  readonly price: number
  readonly longestGapMs: number
}

/** Looks at the jobs of one account for everybody who waits: one watcher an account, not one loop a job. */
export class JobWatcher extends Context.Service<
  JobWatcher,
  {
    /** One look, sent once. Those who look at the same job at the same moment share the request. */
    look(jobId: string): Effect.Effect<Job, ApiError>
    /** Counts as one who waits, for as long as the scope is open. */
    readonly joinWaits: Effect.Effect<void, never, Scope.Scope>
    /** The pace for a job, given what is known of its kind and how many are waiting now. */
    paceFor(job: { readonly modelId?: string | undefined; readonly jobType?: string | undefined }): SharedPace
  }
>()("@scenario-automation/core/JobWatcher") {
  static readonly layer: Layer.Layer<JobWatcher, never, ScenarioHttp | ScenarioConfig | DurationHistory> =
    Layer.effect(
      JobWatcher,
      Effect.gen(function* () {
        const http = yield* ScenarioHttp
        const history = yield* DurationHistory
        const { requestsPerMinute } = yield* ScenarioConfig
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

        const resolver = RequestResolver.make<LookAtJob>((entries) =>
          Effect.forEach(
            Map.groupBy(entries, (entry) => entry.request.jobId),
            ([jobId, sameJob]) =>
              Effect.map(Effect.exit(fetchJob(jobId)), (exit) => {
                if (Exit.isSuccess(exit)) history.learn(exit.value)
                for (const entry of sameJob) entry.completeUnsafe(exit)
              }),
            { concurrency: "unbounded", discard: true },
          ),
        )

        return JobWatcher.of({
          look: (jobId) => Effect.request(new LookAtJob({ jobId }), resolver),
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
            longestGapMs: longestGapFor(waits, requestsPerMinute),
          }),
        })
      }),
    )
}

/** `{ job }`, or the bare job that an older quick start shows. */
export const readJobAnswer = (body: unknown): Job | undefined =>
  typeof body === "object" && body !== null && "job" in body ? readJob(body.job) : readJob(body)
