import type { Job } from "../api/Job.ts"
import { classifyJob } from "../api/jobStatus.ts"
import { compareInputs } from "./compareInputs.ts"
import { endpoints } from "./EndpointTable.ts"
import { readTarget } from "./intents.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"

/**
 * What a listed job is to a submit. The one relation for "is this my job" and "could it be another submit's":
 * `certain`: it echoes the seed that was chosen for this submit.
 * `match`: it echoes all that was sent, and nothing that contradicts it.
 * `candidate`: nothing contradicts it, and nothing proves it.
 * `other`: it is another submit's.
 */
export type Recognition = "certain" | "match" | "candidate" | "other"

/** What the recognition of a submit's job depends on, beside the intent. */
export interface RecognitionContext {
  /** Epoch milliseconds by Scenario's clock: the job was not created before, however wrong the clocks are. */
  readonly createdFrom: number
  /** The same: a job created after this, or before `provenFrom` (default `createdFrom`), is proven by its seed only. */
  readonly createdUntil: number
  readonly provenFrom?: number
  /** False for a model whose jobs don't echo the seed that was sent. */
  readonly trustsSeed: boolean
}

/** How far the clocks of Scenario's servers may be apart. Milliseconds. */
export const clockSlackMs = 60_000

export const recognizeJob = (intent: SubmitIntent, job: Job, context: RecognitionContext): Recognition => {
  const createdAt = Date.parse(job.createdAt ?? "")
  if (createdAt < context.createdFrom) return "other"
  if (isOfAnotherAuthor(intent, job)) return "other"
  const bySeed = context.trustsSeed ? compareSeed(intent, job) : "unknown"
  // The right seed under another name of the model or the kind: the names may be what differs.
  if (!isOfTarget(intent, job)) return bySeed === "same" ? "candidate" : "other"
  const isFromBefore = createdAt < toGranularity(job, context.provenFrom ?? context.createdFrom)
  if (bySeed === "same") {
    // A `requestKey` is repeated with the same seed after its first job has failed.
    const isFirstOfKey = isFromBefore && ["failed", "canceled"].includes(classifyJob(job))
    return isFirstOfKey ? "candidate" : "certain"
  }
  if (bySeed === "different") return "other"
  const recognition = compareEcho(intent, job)
  // Without a date, or at another time, the same inputs prove nothing.
  const isOfThisTime = createdAt <= context.createdUntil && !isFromBefore
  return recognition === "match" && !isOfThisTime ? "candidate" : recognition
}

/** A job's date in whole seconds is compared with others in whole seconds. */
const toGranularity = ({ createdAt = "" }: Job, time: number): number =>
  /\.\d*[1-9]/.test(createdAt) ? time : Math.floor(time / 1_000) * 1_000

const isOfTarget = (intent: SubmitIntent, job: Job): boolean => {
  const { modelId, workflowId, endpoint } = readTarget(intent.path)
  if (endpoint !== undefined) {
    const isOfType = endpoints[endpoint].jobTypes.includes(job.jobType) || job.jobType === "unknown"
    return isOfType && isModel(job, [intent.inputs["modelId"], intent.inputs["baseModelId"]])
  }
  if (workflowId !== undefined) {
    return job.jobType === "workflow" && (job.workflowId === undefined || job.workflowId === workflowId)
  }
  // A base model that runs a LoRA may be shown under either name.
  return job.jobType !== "workflow" && isModel(job, [modelId, intent.inputs["modelId"]])
}

const isModel = (job: Job, named: ReadonlyArray<unknown>): boolean => {
  const known = named.filter((modelId) => typeof modelId === "string")
  return known.length === 0 || job.modelId === undefined || known.includes(job.modelId)
}

const isOfAnotherAuthor = (intent: SubmitIntent, job: Job): boolean =>
  intent.authorId !== undefined && job.authorId !== undefined && job.authorId !== intent.authorId

const compareSeed = (intent: SubmitIntent, job: Job): "same" | "different" | "unknown" => {
  const echoed = readSeed(job.input?.["seed"])
  if (intent.seed === undefined || echoed === undefined) return "unknown"
  return echoed === intent.seed ? "same" : "different"
}

/** A whole number, also as text; `undefined` for anything else. */
export const readSeed = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isInteger(number) ? number : undefined
}

/** Whether a job echoes another value of an input that was sent, the seed aside. */
export const contradictsEcho = (intent: SubmitIntent, job: Job): boolean =>
  compareEcho(intent, job) === "other"

/** By the inputs that were sent: an echo that lacks one of them, or contradicts a default, leaves the question open. */
const compareEcho = (intent: SubmitIntent, job: Job): "match" | "candidate" | "other" => {
  const { seed: _chosen, ...caller } = intent.inputs
  const sent = intent.seed === undefined ? intent.inputs : caller
  const echo = job.input ?? {}
  const echoOfSent = Object.fromEntries(Object.keys(sent).map((name) => [name, echo[name]]))
  const relation = compareInputs(sent, echoOfSent)
  if (relation === "different") return "other"
  const defaults = intent.defaults ?? {}
  const echoOfDefaults = Object.fromEntries(Object.keys(defaults).map((name) => [name, echo[name]]))
  const isAsFilledIn = compareInputs(defaults, echoOfDefaults) !== "different"
  const isEchoed = relation === "equal" && Object.keys(echo).length > 0
  return isEchoed && isAsFilledIn ? "match" : "candidate"
}
