import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { decodeJobRef } from "../api/decodeJobRef.ts"
import { type Job, type JobOrId, readJobResponse } from "../api/Job.ts"
import { readWorkflow, readWorkflowResponse, type Workflow } from "../api/Workflow.ts"
import { type ApiError, InvalidInput } from "../errors.ts"
import type { Page } from "../api/Page.ts"
import type { ApiCall } from "../http/ApiCall.ts"
import { getPage, type PageOptions, streamList } from "../http/pages.ts"
import { ScenarioHttp } from "../http/ScenarioHttp.ts"
import { checkId, checkPageSize, checkText, checkValue, requireAll } from "../checkArguments.ts"

export interface WorkflowListOptions {
  /** Default: the API's own, `private`. */
  readonly privacy?: "private" | "public" | undefined
  /** Only `ready` workflows can run. Default: all. */
  readonly status?: "draft" | "ready" | undefined
  /** Only workflows with these tags. Default: all. */
  readonly tags?: ReadonlyArray<string> | undefined
  /** Workflows per request: 1..100, default 50. */
  readonly pageSize?: number | undefined
}

/** Workflows ("Apps"), and the steps of their runs that wait for a person. To run one, submit `{ workflow, inputs }`. */
export class Workflows extends Context.Service<
  Workflows,
  {
    /** Requests pages only as far as the stream is read. */
    list(options?: WorkflowListOptions): Stream.Stream<Workflow, ApiError | InvalidInput>
    /** Gets one page, for callers that keep the cursor themselves. */
    page(options?: WorkflowListOptions & PageOptions): Effect.Effect<Page<Workflow>, ApiError | InvalidInput>
    /** Gets a workflow with its inputs. */
    get(workflowId: string): Effect.Effect<Workflow, ApiError | InvalidInput>
    /** Approves a step, so that the run continues. `nodeId` is the ID of the step. */
    approve(job: JobOrId, nodeId: string): Effect.Effect<Job, ApiError | InvalidInput>
    /** Rejects a step, which ends the run: the only documented way to stop a workflow. */
    reject(job: JobOrId, nodeId: string): Effect.Effect<Job, ApiError | InvalidInput>
    /** Continues with some of a step's results, counted from 0. */
    select(
      job: JobOrId,
      nodeId: string,
      selectedIndices: ReadonlyArray<number>,
    ): Effect.Effect<Job, ApiError | InvalidInput>
  }
>()("@scenario-automation/core/Workflows") {
  /** @internal */
  static readonly layer: Layer.Layer<Workflows, never, ScenarioHttp> = Layer.effect(
    Workflows,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp

  const list = (options: WorkflowListOptions = {}) =>
    Stream.unwrap(
      checkOptions(options).pipe(Effect.as(streamList(http, toCall(options), "workflows", readWorkflow))),
    )

  const page = Effect.fn("scenario.workflows.page")((options: WorkflowListOptions & PageOptions = {}) =>
    Effect.andThen(
      checkOptions(options),
      getPage(http, toCall(options), "workflows", readWorkflow, options.paginationToken),
    ),
  )

  const get = Effect.fn("scenario.workflows.get")(function* (workflowId: string) {
    yield* requireAll(checkId("workflowId", workflowId))
    return yield* http.callFor(
      { method: "GET", path: `/workflows/${encodeURIComponent(workflowId)}` },
      readWorkflowResponse,
    )
  })

  /** The job names the workflow, whose path the API needs. */
  const decide = Effect.fn("scenario.workflows.decide")(function* (
    jobOrId: JobOrId,
    nodeId: string,
    step: "user-approval" | "user-selection",
    decision: { readonly action: string; readonly selectedIndices?: ReadonlyArray<number> },
  ) {
    const { jobId } = yield* decodeJobRef(jobOrId)
    yield* requireAll(checkText("nodeId", nodeId))
    const job = yield* http.callFor(
      { method: "GET", path: `/jobs/${encodeURIComponent(jobId)}`, jobId },
      readJobResponse,
    )
    const { workflowId, ownerId } = job
    if (workflowId === undefined) {
      const message = `Job ${jobId} doesn't run a workflow. Pass the job of a workflow.`
      return yield* new InvalidInput({ issues: [{ path: "job", message }] })
    }
    return yield* http.callFor(
      {
        method: "PUT",
        path: `/workflows/${encodeURIComponent(workflowId)}/${step}`,
        // These calls require the project (as in Scenario's Blender plugin). The job names it.
        ...(ownerId?.startsWith("proj_") === true ? { query: { projectId: ownerId } } : {}),
        body: { nodeId, workflowJobId: jobId, ...decision },
        jobId,
      },
      readJobResponse,
    )
  })

  return Workflows.of({
    list,
    page,
    get,
    approve: (job, nodeId) => decide(job, nodeId, "user-approval", { action: "approve" }),
    reject: (job, nodeId) => decide(job, nodeId, "user-approval", { action: "reject" }),
    select: (job, nodeId, selectedIndices) =>
      requireAll(
        checkValue(
          "selectedIndices",
          selectedIndices,
          "a list of at least one index, counted from 0",
          Array.isArray(selectedIndices) &&
            selectedIndices.length > 0 &&
            selectedIndices.every((index) => Number.isInteger(index) && index >= 0),
        ),
      ).pipe(Effect.andThen(decide(job, nodeId, "user-selection", { action: "select", selectedIndices }))),
  })
})

/** The contract says 10 of at most 200, the newer documentation 50 of at most 100. This fits both. */
const defaultPageSize = 50

const checkOptions = ({ pageSize }: WorkflowListOptions) => requireAll(checkPageSize(pageSize, 100))

const toCall = ({ privacy, status, tags, pageSize }: WorkflowListOptions): ApiCall => ({
  method: "GET",
  path: "/workflows",
  query: { privacy, status, tags: tags?.join(","), pageSize: pageSize ?? defaultPageSize },
})
