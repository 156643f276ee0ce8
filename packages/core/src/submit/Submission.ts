import { Predicate } from "effect"
import { type Asset, readAsset } from "../api/Asset.ts"
import { type Job, type JobRef, jobRefOf, readJob } from "../api/Job.ts"
import { endpoints } from "./EndpointTable.ts"
import { type GenerationRequest, subjectOf } from "./GenerationRequest.ts"
import type { InlineAnswer } from "./InlineAnswer.ts"

/** An accepted generation. It was paid for: keep `job`. */
export interface Submission {
  /** Where the whole answer came without any job, its `jobId` is empty; no documented endpoint does that. */
  readonly job: JobRef
  /** Compute units, where the API says. */
  readonly cost: number | undefined
  /** A result that came at once. */
  readonly answer: InlineAnswer | undefined
  /** An asset that came at once; it can still be pending. */
  readonly asset: Asset | undefined
  /** The job as the answer shows it. */
  readonly snapshot: Job | undefined
}

/** Reads the answer to a submit; `undefined` where it holds neither a job nor a whole result. */
export const readSubmission = (request: GenerationRequest, body: unknown): Submission | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const snapshot = "job" in body ? readJob(body.job) : readJob(body)
  const answer = "endpoint" in request ? endpoints[request.endpoint].readAnswer?.(body) : undefined
  const asset = "asset" in body ? readAsset(body.asset) : undefined
  const isWhole = answer !== undefined || (asset !== undefined && asset.status === "success")
  if (snapshot === undefined && !isWhole) return undefined
  return {
    job: snapshot === undefined ? { jobId: "" } : jobRefOf(snapshot, subjectOf(request)),
    cost: readCost(body) ?? snapshot?.cost,
    answer,
    asset,
    snapshot,
  }
}

/** `creativeUnitsCost` of a submit and of a dry run: compute units, possibly a fraction, possibly 0. */
export const readCost = (body: unknown): number | undefined => {
  if (!Predicate.hasProperty(body, "creativeUnitsCost")) return undefined
  const cost = body.creativeUnitsCost
  return typeof cost === "number" && Number.isFinite(cost) ? cost : undefined
}
