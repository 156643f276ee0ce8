import { Context, Effect, Layer, Stream } from "effect"
import { type Job, type JobStatus, readJob } from "../api/Job.ts"
import type { Page } from "../api/Page.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { onePage, type PageOptions, pages } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { aCountTo, requireAll } from "./argument.ts"

export interface JobListOptions {
  readonly status?: JobStatus | undefined
  /** Job types: `custom`, `inference`, `upscale`, … Default: all. */
  readonly types?: ReadonlyArray<string> | undefined
  readonly authorId?: string | undefined
  readonly workflowId?: string | undefined
  /** False leaves out jobs whose results are hidden. */
  readonly hideResults?: boolean | undefined
  /** Jobs a request: 1..200, default 50. */
  readonly pageSize?: number | undefined
}

/** The account's jobs, the latest first. */
export class JobList extends Context.Service<
  JobList,
  {
    /** One page at a time, as far as it is read. */
    list(options?: JobListOptions): Stream.Stream<Job, ApiError | InvalidInput>
    /** One page, for hosts that page themselves. */
    page(options?: JobListOptions & PageOptions): Effect.Effect<Page<Job>, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/JobList") {
  static readonly layer: Layer.Layer<JobList, never, ScenarioHttp> = Layer.effect(
    JobList,
    Effect.gen(function* () {
      const http = yield* ScenarioHttp

      return JobList.of({
        list: (options = {}) =>
          Stream.unwrap(checked(options).pipe(Effect.as(pages(http, callOf(options), "jobs", readJob)))),
        page: Effect.fn("JobList.page")((options = {}) =>
          Effect.andThen(
            checked(options),
            onePage(http, callOf(options), "jobs", readJob, options.paginationToken),
          ),
        ),
      })
    }),
  )
}

const checked = ({ pageSize }: JobListOptions) => requireAll(aCountTo("pageSize", pageSize, 200))

const callOf = ({ status, types, authorId, workflowId, hideResults, pageSize }: JobListOptions): ApiCall => ({
  method: "GET",
  path: "/jobs",
  query: { status, types: types?.join(","), authorId, workflowId, hideResults, pageSize: pageSize ?? 50 },
})
