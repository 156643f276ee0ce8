import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describeBlock, type IpDetection, readIpDetection } from "../api/IpDetection.ts"
import { toJobRef, readNamedJob } from "../api/Job.ts"
import { ApiError, DryRunCharged } from "../errors.ts"
import type { ApiResponse, ApiCall } from "../http/ApiCall.ts"
import { retryRead } from "../http/RetryPolicy.ts"
import { toBlockedError, ScenarioHttp, toUnexpectedBody } from "../http/ScenarioHttp.ts"
import { getSubject } from "./GenerationRequest.ts"
import type { PreparedRequest } from "./Preparation.ts"
import { readCost } from "./Submission.ts"

/** What a generation costs. */
export interface Price {
  /** Compute units, the detection included. */
  readonly total: number
  /** What the IP detection of the dry run found, and was charged for. */
  readonly ipDetection: IpDetection | undefined
}

export interface PriceOptions {
  /** Whether Scenario also looks for protected content. It charges for that at once, on a dry run too. Default false. */
  readonly ipDetection?: boolean | undefined
}

/** Asks for prices. A dry run is the same call as a paid one but for its query, so it is repeated with care. */
export class DryRuns extends Context.Service<
  DryRuns,
  {
    /**
     * The price in compute units. `DryRunCharged` if the API ran a paid job instead, `Rejected` if its IP detection blocked
     * the request. After a lost response it asks again only if that costs nothing: the endpoint has answered a dry run
     * properly before, and no detection is asked for.
     */
    price(prepared: PreparedRequest, options?: PriceOptions): Effect.Effect<Price, ApiError | DryRunCharged>
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

  const price = Effect.fn("DryRuns.price")(function* (
    prepared: PreparedRequest,
    { ipDetection = false }: PriceOptions = {},
  ) {
    const call: ApiCall = {
      ...prepared.call,
      // A query only: `dryRun` in the body is ignored, and runs a paid job.
      query: { dryRun: "true", ...(ipDetection ? { ipDetection } : {}) },
      isRepeatable: false,
      // The guide of workflows documents 402 with `estimatedCost`. A refusal that names a job has created it.
      isResult: (status, body) =>
        (status === 402 && readCost(body) !== undefined) || readNamedJob(body) !== undefined,
    }
    const endpoint = endpointKey(prepared.call.path)
    const isFree = !ipDetection && proven.has(endpoint)
    const answer = yield* retryRead(http.call(call), (error) => isRefused(error) || isFree).pipe(
      Effect.mapError(namePriceRequest),
    )
    const price = yield* readPrice(prepared, call, answer)
    proven.add(endpoint)
    return price
  })

  return DryRuns.of({ price })
})

const readPrice = (
  prepared: PreparedRequest,
  call: ApiCall,
  answer: ApiResponse,
): Effect.Effect<Price, ApiError | DryRunCharged> => {
  const job = readNamedJob(answer.body)
  const cost = readCost(answer.body)
  if (job !== undefined) {
    return Effect.fail(new DryRunCharged({ job: toJobRef(job, getSubject(prepared.request)), cost }))
  }
  const block = describeBlock(answer.body)
  if (block !== undefined) return Effect.fail(toBlockedError(call, answer, block))
  if (cost === undefined) return Effect.fail(namePriceRequest(toUnexpectedBody(call, answer)))
  const ipDetection = readIpDetection(answer.body)
  return Effect.succeed({ total: cost + (ipDetection?.charged ?? 0), ipDetection })
}

/** The caller sent nothing but a price request; if its response is lost, Scenario may have carried it out. */
const namePriceRequest = (error: ApiError): ApiError => {
  const { reason, request, requestId } = error
  const isLost =
    reason._tag === "Unavailable" ||
    reason._tag === "UnexpectedBody" ||
    (reason._tag === "Unreachable" && !reason.neverSent)
  if (!isLost) return error
  return new ApiError({
    reason: { ...reason, detail: `${reason.detail}; ${lostPrice}` },
    request: `${request} as a dry run`,
    requestId,
  })
}

/** What is to be said when the response to a price request is lost. */
export const lostPrice =
  "this was only the request for the price: nothing was submitted, but Scenario may have carried it out, and may even have started a job if it ignored the dry run"

/** It certainly ran nothing, so asking again costs nothing. */
const isRefused = ({ reason }: ApiError): boolean =>
  reason._tag === "RateLimited" || (reason._tag === "Unreachable" && reason.neverSent)

/** All models share one endpoint, and so do all workflows. */
const endpointKey = (path: string): string =>
  path
    .split("/")
    .slice(0, path.startsWith("/generate/") ? 3 : 2)
    .join("/")
