import { Context, Effect, Layer, Stream } from "effect"
import { type Job, type JobStatus, readJob } from "../api/Job.ts"
import type { ApiError, InvalidInput } from "../errors.ts"
import { pages } from "../http/pages.ts"
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
  }
>()("@scenario-automation/core/JobList") {
  static readonly layer: Layer.Layer<JobList, never, ScenarioHttp> = Layer.effect(
    JobList,
    Effect.gen(function* () {
      const http = yield* ScenarioHttp

      const list = (options: JobListOptions = {}) => {
        const { status, types, authorId, workflowId, hideResults, pageSize } = options
        const query = {
          status,
          types: types?.join(","),
          authorId,
          workflowId,
          hideResults,
          pageSize: pageSize ?? 50,
        }
        return Stream.unwrap(
          requireAll(aCountTo("pageSize", pageSize, 200)).pipe(
            Effect.as(pages(http, { method: "GET", path: "/jobs", query }, "jobs", readJob)),
          ),
        )
      }

      return JobList.of({ list })
    }),
  )
}
