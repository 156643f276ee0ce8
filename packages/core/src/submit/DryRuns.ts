import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describeBlock, type IpDetection, readIpDetection } from "../api/IpDetection.ts"
import { type JobRef, toJobRef, readNamedJob } from "../api/Job.ts"
import { ApiError, DryRunCharged, InvalidInput } from "../errors.ts"
import type { ApiResponse, ApiCall } from "../http/ApiCall.ts"
import { retryRead } from "../http/RetryPolicy.ts"
import { toBlockedError, ScenarioHttp, toUnexpectedBody } from "../http/ScenarioHttp.ts"
import { getSubject } from "./GenerationRequest.ts"
import type { PreparedRequest } from "./Preparation.ts"
import { readCost } from "./Submission.ts"

/** What a generation costs. */
export interface Price {
  /** Compute units, including the IP detection. */
  readonly total: number
  /** The IP detection of the dry run, which was charged. */
  readonly ipDetection: IpDetection | undefined
}

export interface PriceOptions {
  /** Whether Scenario also detects protected content. It charges for that at once, even in a dry run. Default false. */
  readonly ipDetection?: boolean | undefined
}

/** Gets prices. Only the query distinguishes a dry run from a paid submit, so it is retried with care. */
export class DryRuns extends Context.Service<
  DryRuns,
  {
    /**
     * Gets the price. Fails as `DryRunCharged` if the API ran a paid job instead, and as `Rejected` if its IP detection blocked
     * the request. After a lost response it retries only if that costs nothing: if the endpoint has handled a dry run correctly
     * before, and no detection is requested. After a `DryRunCharged` the price of that model isn't requested again:
     * `InvalidInput`.
     */
    price(
      prepared: PreparedRequest,
      options?: PriceOptions,
    ): Effect.Effect<Price, ApiError | DryRunCharged | InvalidInput>
  }
>()("@scenario-automation/core/DryRuns") {
  /** @internal */
  static readonly layer: Layer.Layer<DryRuns, never, ScenarioHttp> = Layer.effect(
    DryRuns,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const http = yield* ScenarioHttp
  /** Endpoints that have handled a dry run correctly. */
  const proven = new Set<string>()
  /** The job that a dry run started instead, by the path of the request. */
  const charged = new Map<string, JobRef>()

  const price = Effect.fn("scenario.price")(function* (
    prepared: PreparedRequest,
    { ipDetection = false }: PriceOptions = {},
  ) {
    const earlier = charged.get(prepared.call.path)
    if (earlier !== undefined) return yield* refusePrice(earlier)
    const call: ApiCall = {
      ...prepared.call,
      // The API ignores `dryRun` in the body, and runs a paid job.
      query: { dryRun: "true", ...(ipDetection ? { ipDetection } : {}) },
      isRepeatable: false,
      // The guide to workflows documents a 402 with `estimatedCost`. A refusal that names a job has created it.
      isResult: (status, body) =>
        (status === 402 && readCost(body) !== undefined) || readNamedJob(body) !== undefined,
    }
    const endpoint = getEndpointKey(prepared.call.path)
    const isFree = !ipDetection && proven.has(endpoint)
    const response = yield* retryRead(http.call(call), (error) => isRefused(error) || isFree).pipe(
      Effect.mapError(namePriceRequest),
    )
    const price = yield* readPrice(prepared, call, response).pipe(
      Effect.tapErrorTag("DryRunCharged", ({ job }) =>
        Effect.sync(() => charged.set(prepared.call.path, job)),
      ),
    )
    proven.add(endpoint)
    return price
  })

  return DryRuns.of({ price })
})

const readPrice = (
  prepared: PreparedRequest,
  call: ApiCall,
  response: ApiResponse,
): Effect.Effect<Price, ApiError | DryRunCharged> => {
  const job = readNamedJob(response.body)
  const cost = readCost(response.body)
  if (job !== undefined) {
    return Effect.fail(new DryRunCharged({ job: toJobRef(job, getSubject(prepared.request)), cost }))
  }
  const block = describeBlock(response.body)
  if (block !== undefined) return Effect.fail(toBlockedError(call, response, block))
  if (cost === undefined) return Effect.fail(namePriceRequest(toUnexpectedBody(call, response)))
  const ipDetection = readIpDetection(response.body)
  return Effect.succeed({ total: cost + (ipDetection?.charged ?? 0), ipDetection })
}

const refusePrice = ({ jobId }: JobRef): InvalidInput =>
  new InvalidInput({
    issues: [
      {
        path: "price",
        message: `Not requested, because an earlier dry run of this model started job ${jobId}, which was charged. Leave out the maximum cost.`,
      },
    ],
  })

/** Says that only the price was requested, in case the response was lost. */
const namePriceRequest = (error: ApiError): ApiError => {
  const { reason, request, requestId } = error
  const isLost =
    reason._tag === "Unavailable" ||
    reason._tag === "UnexpectedBody" ||
    (reason._tag === "Unreachable" && !reason.neverSent)
  if (!isLost) return error
  return new ApiError({
    reason: { ...reason, detail: `${reason.detail}; ${lostPriceText}` },
    request: `${request} as a dry run`,
    requestId,
  })
}

/** Explains a lost response to a price request. */
export const lostPriceText =
  "this was only the request for the price: nothing was submitted, but Scenario may have carried it out, and may even have started a job if it ignored the dry run"

/** Whether the API certainly ran nothing, so that a retry costs nothing. */
const isRefused = ({ reason }: ApiError): boolean =>
  reason._tag === "RateLimited" || (reason._tag === "Unreachable" && reason.neverSent)

/** All models have one endpoint, and all workflows another. */
const getEndpointKey = (path: string): string =>
  path
    .split("/")
    .slice(0, path.startsWith("/generate/") ? 3 : 2)
    .join("/")
