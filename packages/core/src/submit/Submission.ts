import * as Predicate from "effect/Predicate"
import { type Asset, readAsset } from "../api/Asset.ts"
import { type Job, type JobOrId, type JobRef, toJobRef, readJobResponse, readNamedJob } from "../api/Job.ts"
import { type IpDetection, readIpDetection } from "../api/IpDetection.ts"
import { amount } from "../api/readers.ts"
import { endpoints } from "./EndpointTable.ts"
import { type GenerationRequest, getSubject } from "./GenerationRequest.ts"
import type { InlineResult } from "./InlineResult.ts"

/** An accepted generation. It was paid for: store `job`. */
export interface Submission {
  readonly job: JobRef
  /** Compute units, if the API says, including an IP detection. */
  readonly cost: number | undefined
  /** A result in the response. */
  readonly inlineResult: InlineResult | undefined
  /** An asset in the response. It can still be pending. */
  readonly asset: Asset | undefined
  /** The job in the response. */
  readonly snapshot: Job | undefined
  /** What the IP detection found, if it was requested. Its fee is part of `cost`. */
  readonly ipDetection?: IpDetection | undefined
  /** The seed, if this library chose one to recognize the job. */
  readonly seed?: number | undefined
  /** Other paid jobs of the same submit, after a lost response with `ifUncertain: "resubmit"`. */
  readonly duplicates?: ReadonlyArray<JobRef> | undefined
}

/** Whether a value that names a job is a whole submission. */
export const isSubmission = (job: JobOrId | Submission): job is Submission =>
  typeof job === "object" && job !== null && "job" in job && "inlineResult" in job

/** The response to a submit. Unlike a submission, it can lack the job. */
export interface SubmitResponse extends Omit<Submission, "job"> {
  readonly job: JobRef | undefined
}

/** Reads the response to a submit; `undefined` if it contains neither a job nor a complete result. */
export const readSubmission = (request: GenerationRequest, body: unknown): SubmitResponse | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const snapshot = readJobResponse(body) ?? readNamedJob(body)
  const inlineResult =
    request.endpoint !== undefined ? endpoints[request.endpoint].readInlineResult?.(body) : undefined
  const asset = "asset" in body ? readAsset(body.asset) : undefined
  const isWhole = inlineResult !== undefined || (asset !== undefined && asset.status === "success")
  if (snapshot === undefined && !isWhole) return undefined
  const ipDetection = readIpDetection(body)
  return {
    job: snapshot === undefined ? undefined : toJobRef(snapshot, getSubject(request)),
    cost: addFee(readCost(body) ?? snapshot?.cost, ipDetection),
    ipDetection,
    inlineResult,
    asset,
    snapshot,
  }
}

/** Adds the fee of the IP detection. */
export const addFee = (cost: number | undefined, detection: IpDetection | undefined): number | undefined =>
  cost === undefined ? undefined : cost + (detection?.charged ?? 0)

/**
 * Reads the price in the response to a submit or a dry run, in compute units. It can be a fraction, or 0. The dry run of a
 * workflow calls it `estimatedCost`.
 */
export const readCost = (body: unknown): number | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const cost = amount(Reflect.get(body, "creativeUnitsCost")) ?? amount(Reflect.get(body, "estimatedCost"))
  return cost === undefined || cost < 0 ? undefined : cost
}
