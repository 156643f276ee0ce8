import { Clock, Context, Effect, Layer, Result } from "effect"
import { type Job, jobRefOf, readJob } from "../api/Job.ts"
import { readPage } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { ScenarioConfig } from "../ScenarioConfig.ts"
import { endpoints } from "./EndpointTable.ts"
import { type GenerationRequest, subjectOf } from "./GenerationRequest.ts"
import { type Findings, findLost, type LostSubmit, windowSlackMs } from "./LostSubmit.ts"
import type { PreparedRequest } from "./Preparation.ts"
import type { Submission } from "./Submission.ts"
import { type OngoingSubmit, SubmitRegistry } from "./SubmitRegistry.ts"

/** What a search has come to: the job, or what may be it. */
export interface SearchResult {
  readonly submission: Submission | undefined
  readonly candidates: Findings["candidates"]
}

/** Finds the job of a submit whose answer was lost, instead of posting, and paying, again. */
export class Reconciliation extends Context.Service<
  Reconciliation,
  {
    readonly registry: SubmitRegistry
    /** Lists jobs until one can be adopted for certain or `timeoutMs` is over. `sentAt` is our clock's. */
    search(
      prepared: PreparedRequest,
      ongoing: OngoingSubmit,
      sentAt: number,
      timeoutMs: number,
    ): Effect.Effect<SearchResult>
  }
>()("@scenario-automation/core/Reconciliation") {
  static readonly layer: Layer.Layer<Reconciliation, never, ScenarioHttp | ScenarioConfig> = Layer.effect(
    Reconciliation,
    Effect.gen(function* () {
      const http = yield* ScenarioHttp
      const { soleSubmitter } = yield* ScenarioConfig
      const registry = new SubmitRegistry()

      /** The jobs born since then. Two pages of 200 hold what even a busy account starts in minutes. */
      const jobsSince = Effect.fnUntraced(function* (born: number) {
        const jobs: Array<Job> = []
        let paginationToken: string | undefined
        for (let page = 0; page < 2; page++) {
          const { items, nextToken } = yield* http.callFor(
            { method: "GET", path: "/jobs", query: { pageSize: 200, paginationToken }, purpose: "submit" },
            readPage("jobs", readJob),
          )
          jobs.push(...items)
          if (nextToken === undefined || items.some((job) => Date.parse(job.createdAt ?? "") < born)) break
          paginationToken = nextToken
        }
        return jobs
      })

      const findings = Effect.fnUntraced(function* (prepared: PreparedRequest, sentAt: number) {
        const serverTimeOfSending = Effect.gen(function* () {
          return (yield* http.serverTime) - ((yield* Clock.currentTimeMillis) - sentAt)
        })
        const jobs = yield* jobsSince((yield* serverTimeOfSending) - windowSlackMs)
        // Asked again: the listing's own Date may be the first word of Scenario's clock.
        const from = (yield* serverTimeOfSending) - windowSlackMs
        const lost: LostSubmit = {
          window: { from, until: (yield* http.serverTime) + windowSlackMs },
          jobTypes: jobTypesOf(prepared.request),
          ...subjectOf(prepared.request),
          body: prepared.call.body,
          authorId: registry.authorId,
        }
        return findLost(lost, jobs, (jobId) => registry.isClaimed(jobId))
      })

      const search = Effect.fn("Reconciliation.search")(function* (
        prepared: PreparedRequest,
        ongoing: OngoingSubmit,
        sentAt: number,
        timeoutMs: number,
      ) {
        const until = (yield* Clock.currentTimeMillis) + timeoutMs
        let found: Findings = { matches: [], candidates: [] }
        for (let delay = 500; ; delay = Math.min(delay * 2, 5_000)) {
          yield* Effect.sleep(Math.max(0, Math.min(delay, until - (yield* Clock.currentTimeMillis))))
          // A listing that fails leaves open what the last one has said.
          const left = Math.max(1_000, until - (yield* Clock.currentTimeMillis))
          const listed = yield* findings(prepared, sentAt).pipe(Effect.timeoutOption(left), Effect.result)
          if (Result.isSuccess(listed) && listed.success._tag === "Some") found = listed.success.value
          const [job] = found.matches
          const mayAdopt =
            (soleSubmitter || prepared.isUnique) && registry.canAdopt(ongoing, found.matches.length)
          if (job !== undefined && mayAdopt && registry.claim(job.jobId)) {
            return { submission: adopted(job, prepared.request), candidates: [] }
          }
          if ((yield* Clock.currentTimeMillis) >= until) {
            return { submission: undefined, candidates: found.candidates }
          }
        }
      })

      return Reconciliation.of({ registry, search })
    }),
  )
}

const adopted = (job: Job, request: GenerationRequest): Submission => ({
  job: jobRefOf(job, subjectOf(request)),
  cost: job.cost,
  answer: undefined,
  asset: undefined,
  snapshot: job,
})

const jobTypesOf = (request: GenerationRequest): ReadonlyArray<string> => {
  if ("endpoint" in request) return endpoints[request.endpoint].jobTypes
  return "workflow" in request ? ["workflow"] : []
}
