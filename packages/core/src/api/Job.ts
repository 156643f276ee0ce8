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
 * A submitted job as plain data, and the token to resume it: it survives JSON, a database, a workflow item.
 * Every function that takes one takes a bare job id too.
 */
export interface JobRef {
  readonly jobId: string
  /** ISO date, by Scenario's clock if known. */
  readonly submittedAt?: string | undefined
  /** What it runs, if known: how long it will take follows from that. */
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
}

/** A `JobRef` as a caller may have kept it: a database row has null, and a Date instead of text. */
export interface StoredJobRef {
  readonly jobId: string
  readonly submittedAt?: string | Date | null | undefined
  readonly modelId?: string | null | undefined
  readonly workflowId?: string | null | undefined
}

/** A job by its reference, by its bare id, or by anything that carries it: a submission, a result, an error. */
export type JobOrId = StoredJobRef | string | { readonly job: StoredJobRef }

/** A job's status. Open: a status that is unknown today still decodes, and reads as "still running". */
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

/** One entry of a job's history: when it entered a status. */
export interface JobStatusChange {
  readonly status: JobStatus
  /** ISO date by Scenario's clock. */
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

/** A job, as one poll shows it. */
export interface Job {
  readonly jobId: string
  /** `custom`, `inference`, `upscale`, `workflow`, … Open. */
  readonly jobType: string
  readonly status: JobStatus
  /** 0..1, if given. It can stop and it can go backwards. */
  readonly progress?: number | undefined
  /** ISO dates by Scenario's clock. */
  readonly createdAt?: string | undefined
  readonly updatedAt?: string | undefined
  readonly authorId?: string | undefined
  readonly ownerId?: string | undefined
  readonly modelId?: string | undefined
  readonly workflowId?: string | undefined
  readonly statusHistory: ReadonlyArray<JobStatusChange>
  /** The assets that it has made, in its order. */
  readonly assetIds: ReadonlyArray<string>
  /** Links to files that the job names without an asset, as an older quick start shows them. */
  readonly links?: ReadonlyArray<string> | undefined
  /** The inputs as the API echoes them. */
  readonly input?: Readonly<Record<string, unknown>> | undefined
  /** The result of a job that makes no asset. */
  readonly output?: Readonly<Record<string, unknown>> | undefined
  /** Why it failed; beside a success, what Scenario says about it. */
  readonly error?: string | undefined
  readonly hint?: string | undefined
  /** Compute units. */
  readonly cost?: number | undefined
  /** Whether a failure of this job isn't reimbursed; absent if its billing doesn't say. */
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

/** Reads a job from the API's JSON; `undefined` if it isn't an object with an ID. */
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

/** The schema says 0..1, the workflow guide shows a percentage: above 1 it is one. */
const readProgress = (progress: number | undefined): number | undefined => {
  if (progress === undefined || progress < 0) return undefined
  return progress <= 1 ? progress : Math.min(1, progress / 100)
}

/** An entry of `result.images`: an asset's id, a link (which can hold the id), or an object with either. */
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
 * `metadata.error` is documented as text or null. Of an object its message says best what happened, and its JSON more
 * than nothing.
 */
const readText = (value: unknown): string | undefined => {
  if (value === undefined || value === null || value === "") return undefined
  if (typeof value === "string") return value
  const message = typeof value === "object" && "message" in value ? value.message : undefined
  return typeof message === "string" && message !== "" ? message : JSON.stringify(value)
}

/** The reference of a job that was seen. */
export const toJobRef = (job: Job, known: Pick<JobRef, "modelId" | "workflowId"> = {}): JobRef => ({
  jobId: job.jobId,
  submittedAt: job.createdAt,
  modelId: known.modelId ?? job.modelId,
  workflowId: known.workflowId ?? job.workflowId,
})

/** `{ job }`, or the bare job that an older quick start shows. */
export const readJobAnswer = (body: unknown): Job | undefined =>
  Predicate.hasProperty(body, "job") ? readJob(body.job) : readJob(body)

/**
 * The job that the answer to a submit or a dry run names, in every form, whatever its status: a job may have been created
 * although the answer is a refusal.
 */
export const readNamedJob = (body: unknown): Job | undefined => {
  if (!Predicate.isObject(body)) return undefined
  const { job, jobs, jobId, jobIds }: Readonly<Record<string, unknown>> = { ...body }
  const named = [job, jobId, ...(anyList(jobs) ?? []), ...(anyList(jobIds) ?? [])]
  return named
    .map((one) => readJob(Predicate.isObject(one) ? one : { jobId: one }))
    .find((one) => one !== undefined)
}
