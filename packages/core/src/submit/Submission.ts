import * as Predicate from "effect/Predicate"
import { type Asset, readAsset } from "../api/Asset.ts"
import { type Job, type JobRef, toJobRef, readJobResponse, readNamedJob } from "../api/Job.ts"
import { type IpDetection, readIpDetection } from "../api/IpDetection.ts"
import { amount } from "../api/readers.ts"
import { endpoints } from "./EndpointTable.ts"
import { type GenerationRequest, getSubject } from "./GenerationRequest.ts"
import type { InlineAnswer } from "./InlineAnswer.ts"

/** An accepted generation. It was paid for: keep `job`. */
export interface Submission {
  readonly job: JobRef
  /** Compute units, if the API says; an IP detection included. */
  readonly cost: number | undefined
  /** A result that came with the response. */
  readonly answer: InlineAnswer | undefined
  /** An asset that came with the response; it can still be pending. */
  readonly asset: Asset | undefined
  /** The job as the response shows it. */
  readonly snapshot: Job | undefined
  /** What the IP detection found, if it was asked for. Its fee is part of `cost`. */
  readonly ipDetection?: IpDetection | undefined
  /** The seed that this library chose for it, by which the job is recognized; `undefined` if it chose none. */
  readonly seed?: number | undefined
  /** Jobs of the same submit that were paid for too: after a lost response, with `ifUncertain: "resubmit"`. */
  readonly duplicates?: ReadonlyArray<JobRef> | undefined
}

/** What the response to a submit holds, before it is known whether that is all of a submission. */
export interface SubmitResponse extends Omit<Submission, "job"> {
  readonly job: JobRef | undefined
}

/** Reads the response to a submit; `undefined` if it holds neither a job nor a whole result. */
export const readSubmission = (request: GenerationRequest, body: unknown): SubmitResponse | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const snapshot = readJobResponse(body) ?? readNamedJob(body)
  const answer = "endpoint" in request ? endpoints[request.endpoint].readAnswer?.(body) : undefined
  const asset = "asset" in body ? readAsset(body.asset) : undefined
  const isWhole = answer !== undefined || (asset !== undefined && asset.status === "success")
  if (snapshot === undefined && !isWhole) return undefined
  const ipDetection = readIpDetection(body)
  return {
    job: snapshot === undefined ? undefined : toJobRef(snapshot, getSubject(request)),
    cost: addFee(readCost(body) ?? snapshot?.cost, ipDetection),
    ipDetection,
    answer,
    asset,
    snapshot,
  }
}

/** A cost with the fee of the IP detection. */
export const addFee = (cost: number | undefined, detection: IpDetection | undefined): number | undefined =>
  cost === undefined ? undefined : cost + (detection?.charged ?? 0)

/**
 * The price in the response to a submit or a dry run: compute units, possibly a fraction, possibly 0. A workflow's dry
 * run calls it `estimatedCost`.
 */
export const readCost = (body: unknown): number | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const cost = amount(Reflect.get(body, "creativeUnitsCost")) ?? amount(Reflect.get(body, "estimatedCost"))
  return cost === undefined || cost < 0 ? undefined : cost
}
