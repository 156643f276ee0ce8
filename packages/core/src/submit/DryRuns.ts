import { Context, Effect, Layer } from "effect"
import { jobRefOf, readNamedJob } from "../api/Job.ts"
import { type ApiError, DryRunCharged } from "../errors.ts"
import type { ApiAnswer, ApiCall } from "../http/ApiCall.ts"
import { retryRead } from "../http/RetryPolicy.ts"
import { ScenarioHttp, unexpectedBody } from "../http/ScenarioHttp.ts"
import { subjectOf } from "./GenerationRequest.ts"
import type { PreparedRequest } from "./Preparation.ts"
import { readCost } from "./Submission.ts"

/** Asks for prices. A dry run is the same call as a paid one but for its query, so it is repeated with care. */
export class DryRuns extends Context.Service<
  DryRuns,
  {
    /**
     * The price in compute units. `DryRunCharged` if the API ran a paid job instead. After a lost response it asks again
     * only if the endpoint has answered a dry run properly before.
     */
    price(prepared: PreparedRequest): Effect.Effect<number, ApiError | DryRunCharged>
  }
>()("@scenario-automation/core/DryRuns") {
  static readonly layer: Layer.Layer<DryRuns, never, ScenarioHttp> = Layer.effect(
    DryRuns,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  /** Endpoints whose dry runs are known to be dry. */
  const proven = new Set<string>()

  const price = Effect.fn("DryRuns.price")(function* (prepared: PreparedRequest) {
    const call: ApiCall = {
      ...prepared.call,
      // A query only: `dryRun` in the body is ignored, and runs a paid job.
      query: { dryRun: "true" },
      isRepeatable: false,
      // The guide of workflows documents 402 with `estimatedCost`. A refusal that names a job has created it.
      isAnswer: (status, body) =>
        (status === 402 && readCost(body) !== undefined) || readNamedJob(body) !== undefined,
    }
    const endpoint = endpointKey(prepared.call.path)
    const answer = yield* retryRead(http.call(call), (error) => isRefused(error) || proven.has(endpoint))
    const cost = yield* readPrice(prepared, call, answer)
    proven.add(endpoint)
    return cost
  })

  return DryRuns.of({ price })
})

const readPrice = (
  prepared: PreparedRequest,
  call: ApiCall,
  answer: ApiAnswer,
): Effect.Effect<number, ApiError | DryRunCharged> => {
  const job = readNamedJob(answer.body)
  const cost = readCost(answer.body)
  if (job !== undefined) {
    return Effect.fail(new DryRunCharged({ job: jobRefOf(job, subjectOf(prepared.request)), cost }))
  }
  return cost === undefined ? Effect.fail(unexpectedBody(call, answer)) : Effect.succeed(cost)
}

/** It certainly ran nothing, so asking again costs nothing. */
const isRefused = ({ reason }: ApiError): boolean =>
  reason._tag === "RateLimited" || (reason._tag === "Unreachable" && reason.neverSent)

/** All models share one endpoint, and so do all workflows. */
const endpointKey = (path: string): string =>
  path
    .split("/")
    .slice(0, path.startsWith("/generate/") ? 3 : 2)
    .join("/")
