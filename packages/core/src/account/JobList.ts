import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { type Job, type JobStatus, readJobResponse } from "../api/Job.ts"
import type { Page } from "../api/Page.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { JobListPages } from "../http/JobListPages.ts"
import { getPage, type PageOptions, streamList } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkPageSize, requireAll } from "../checkArguments.ts"

export interface JobListOptions {
  /** Only jobs with this status. Default: all. */
  readonly status?: JobStatus | undefined
  /** Job types: `custom`, `inference`, `upscale`, … Default: all. */
  readonly types?: ReadonlyArray<string> | undefined
  /** Only jobs of this author. Default: all. */
  readonly authorId?: string | undefined
  /** Only jobs of this workflow. Default: all. */
  readonly workflowId?: string | undefined
  /** `false` leaves out jobs whose results are hidden. Default: all. */
  readonly hideResults?: boolean | undefined
  /** Jobs per request: 1..200, default 50. */
  readonly pageSize?: number | undefined
}

/** The account's jobs, newest first. */
export class JobList extends Context.Service<
  JobList,
  {
    /** Requests pages only as far as the stream is read. */
    list(options?: JobListOptions): Stream.Stream<Job, ApiError | InvalidInput>
    /** Gets one page, for callers that keep the cursor themselves. */
    page(options?: JobListOptions & PageOptions): Effect.Effect<Page<Job>, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/JobList") {
  /** @internal */
  static readonly layer: Layer.Layer<JobList, never, ScenarioHttp | JobListPages> = Layer.effect(
    JobList,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const jobListPages = yield* JobListPages
  // `JobListPages` splits pages that are too large for the API to return.
  const http: ScenarioHttp["Service"] = {
    ...(yield* ScenarioHttp),
    callFor: (call, read) => jobListPages.read(call, read),
  }

  return JobList.of({
    list: (options = {}) =>
      Stream.unwrap(
        Effect.as(checkOptions(options), streamList(http, toCall(options), "jobs", readJobResponse)),
      ),
    page: Effect.fn("scenario.jobs.page")((options = {}) =>
      Effect.andThen(
        checkOptions(options),
        getPage(http, toCall(options), "jobs", readJobResponse, options.paginationToken),
      ),
    ),
  })
})

const checkOptions = ({ pageSize }: JobListOptions) => requireAll(checkPageSize(pageSize, 200))

const toCall = ({ status, types, authorId, workflowId, hideResults, pageSize }: JobListOptions): ApiCall => ({
  method: "GET",
  path: "/jobs",
  query: { status, types: types?.join(","), authorId, workflowId, hideResults, pageSize: pageSize ?? 50 },
})
