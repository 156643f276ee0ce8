import * as Predicate from "effect/Predicate"
import {
  amount,
  anyList,
  anyRecord,
  anything,
  boolean,
  dateText,
  finite,
  idText,
  makeListReader,
  nonEmptyText,
  makeObjectReader,
  text,
  textList,
} from "./readers.ts"

/**
 * A submitted job as plain data, which can be stored as JSON and resumed. Each function that takes one also takes a job ID.
 */
export interface JobRef {
  readonly jobId: string
  /** ISO date, on Scenario's clock if that is known. */
  readonly submittedAt?: string | undefined
  /** What it runs, if that is known. It is used to predict how long the job takes. */
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
}

/** A `JobRef` as a caller may have stored it: a database row can have null, and a `Date` instead of text. */
export interface StoredJobRef {
  readonly jobId: string
  readonly submittedAt?: string | Date | null | undefined
  readonly modelId?: string | null | undefined
  readonly workflowId?: string | null | undefined
}

/** A job's reference, its ID, or anything that carries its reference: a submission, a result, an error. */
export type JobOrId = StoredJobRef | string | { readonly job: StoredJobRef }

/** A job's status. An unknown one counts as running. */
export type JobStatus =
  | "pending"
  | "queued"
  | "warming-up"
  | "in-progress"
  | "finalizing"
  | "success"
  | "failure"
  | "canceled"
  | (string & {})

/** When a job entered a status. */
export interface JobStatusChange {
  readonly status: JobStatus
  /** ISO date on Scenario's clock. */
  readonly date: string
}

/** A step of a running workflow (App). */
export interface JobStep {
  readonly stepId: string
  /** `custom-model`, `user-approval`, `user-selection`, … */
  readonly type: string
  /** `pending`, `processing`, `success`, `failure`, `skipped`, `rejected`. */
  readonly status: string
  readonly jobId?: string | undefined
  readonly assetIds: ReadonlyArray<string>
}

/** A job's state, as one poll shows it. */
export interface Job {
  readonly jobId: string
  /** `custom`, `inference`, `upscale`, `workflow`, … */
  readonly jobType: string
  readonly status: JobStatus
  /** 0..1, if the API gives it. It can stop or go back. */
  readonly progress?: number | undefined
  /** ISO dates on Scenario's clock. */
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
  readonly authorId?: string | undefined
  readonly ownerId?: string | undefined
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
  readonly statusHistory: ReadonlyArray<JobStatusChange>
  /** The assets that it made, in its order. */
  readonly assetIds: ReadonlyArray<string>
  /** Links to files without assets, as an older quick start shows them. */
  readonly links?: ReadonlyArray<string> | undefined
  /** The inputs, as the API returns them. */
  readonly input?: Readonly<Record<string, unknown>> | undefined
  /** The result of a job that makes no asset. */
  readonly output?: Readonly<Record<string, unknown>> | undefined
  /** Why it failed. After a success, what Scenario says about it. */
  readonly error?: string | undefined
  readonly hint?: string | undefined
  /** Compute units. */
  readonly cost?: number | undefined
  /** Whether a failure isn't reimbursed; absent if the job's billing doesn't say. */
  readonly refundDisabled?: boolean | undefined
  readonly steps: ReadonlyArray<JobStep>
}

const readWireStep = makeObjectReader({
  id: text,
  type: text,
  status: text,
  jobId: text,
  assets: makeListReader(makeObjectReader({}, { assetId: text })),
})

/** `jobId ?? id` and `metadata.assetIds ?? result.assetIds`: Scenario's quick start shows the second spellings. */
const readWireJob = makeObjectReader({
  jobId: idText,
  id: idText,
  jobType: text,
  status: text,
  progress: finite,
  createdAt: dateText,
  updatedAt: dateText,
  authorId: text,
  ownerId: text,
  statusHistory: makeListReader(makeObjectReader({}, { status: text, date: dateText })),
  billing: makeObjectReader({ cuCost: amount, disableRefund: boolean }),
  error: anything,
  result: makeObjectReader({ assetIds: textList, images: anyList }),
  metadata: makeObjectReader({
    assetIds: makeListReader(nonEmptyText),
    input: anyRecord,
    output: anyRecord,
    error: anything,
    hint: nonEmptyText,
    modelId: text,
    workflowId: text,
    flow: makeListReader(readWireStep),
  }),
})

/** Reads a job; `undefined` if it has no ID. */
export const readJob = (body: unknown): Job | undefined => {
  const wire = readWireJob(body)
  const jobId = wire?.jobId ?? wire?.id
  if (wire === undefined || jobId === undefined) return undefined
  const metadata = wire.metadata
  const input = metadata?.input
  const listed = [...(metadata?.assetIds ?? []), ...(wire.result?.assetIds ?? [])]
  const images = (wire.result?.images ?? []).map(readImage)
  return {
    jobId,
    jobType: wire.jobType ?? "unknown",
    status: wire.status ?? "unknown",
    progress: readProgress(wire.progress),
    createdAt: wire.createdAt,
    updatedAt: wire.updatedAt,
    authorId: wire.authorId,
    ownerId: wire.ownerId,
    modelId: metadata?.modelId ?? (typeof input?.["modelId"] === "string" ? input["modelId"] : undefined),
    workflowId: metadata?.workflowId,
    statusHistory: wire.statusHistory ?? [],
    assetIds: [...new Set([...listed, ...images.flatMap(({ assetId }) => assetId ?? [])])],
    links: images.flatMap(({ assetId, url }) => (assetId === undefined ? (url ?? []) : [])),
    input,
    output: metadata?.output,
    error: readText(metadata?.error) ?? readText(wire.error),
    hint: metadata?.hint,
    cost: wire.billing?.cuCost,
    refundDisabled: wire.billing?.disableRefund,
    steps: (metadata?.flow ?? []).map((step, index) => ({
      stepId: step.id ?? String(index),
      type: step.type ?? "unknown",
      status: step.status ?? "unknown",
      jobId: step.jobId,
      assetIds: (step.assets ?? []).map((asset) => asset.assetId),
    })),
  }
}

/** The schema says 0..1, but the guide to workflows shows percentages. */
const readProgress = (progress: number | undefined): number | undefined => {
  if (progress === undefined || progress < 0) return undefined
  return progress <= 1 ? progress : Math.min(1, progress / 100)
}

/** Reads an entry of `result.images`: an asset's ID, a link (which can contain the ID), or an object with either. */
const readImage = (image: unknown): { readonly assetId?: string; readonly url?: string } => {
  if (typeof image === "string") {
    if (!/^https?:\/\//i.test(image)) return /^[\w-]+$/.test(image) ? { assetId: image } : {}
    const [, assetId] = /\/assets(?:-transform)?\/(asset_[\w-]+)/.exec(image) ?? []
    return assetId === undefined ? { url: image } : { assetId }
  }
  if (!Predicate.isObject(image)) return {}
  const named = ["assetId", "id", "url"].map((name): unknown => Reflect.get(image, name))
  return named.filter((value) => typeof value === "string").map(readImage)[0] ?? {}
}

/**
 * The API documents `metadata.error` as text or null. If it is an object, its message is best, and its JSON better than
 * nothing.
 */
const readText = (value: unknown): string | undefined => {
  if (value === undefined || value === null || value === "") return undefined
  if (typeof value === "string") return value
  const message = typeof value === "object" && "message" in value ? value.message : undefined
  return typeof message === "string" && message !== "" ? message : JSON.stringify(value)
}

export const toJobRef = (job: Job, known: Pick<JobRef, "modelId" | "workflowId"> = {}): JobRef => ({
  jobId: job.jobId,
  submittedAt: job.createdAt,
  modelId: known.modelId ?? job.modelId,
  workflowId: known.workflowId ?? job.workflowId,
})

/** Reads `{ job }`, or only the job, as an older quick start shows it. */
export const readJobResponse = (body: unknown): Job | undefined =>
  Predicate.hasProperty(body, "job") ? readJob(body.job) : readJob(body)

/**
 * Reads the job that the response to a submit or a dry run names, in any format and with any HTTP status: even an error
 * response may have created a job.
 */
export const readNamedJob = (body: unknown): Job | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const { job, jobs, jobId, jobIds }: Readonly<Record<string, unknown>> = { ...body }
  const named = [job, jobId, ...(anyList(jobs) ?? []), ...(anyList(jobIds) ?? [])]
  return named
    .map((one) => readJob(Predicate.isObject(one) ? one : { jobId: one }))
    .find((one) => one !== undefined)
}
