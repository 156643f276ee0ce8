import type { Job } from "../api/Job.ts"
import { classifyJob } from "../api/jobStatus.ts"
import { compareInputs } from "./compareInputs.ts"
import { endpoints } from "./EndpointTable.ts"
import { readTarget } from "./intents.ts"
import type { SubmitIntent } from "./SubmitIntent.ts"

/**
 * How a listed job relates to a submit.
 * `certain`: it has the seed that was chosen for this submit.
 * `match`: it has all inputs that were sent, and none that contradicts them.
 * `candidate`: nothing contradicts or proves it.
 * `other`: it belongs to another submit.
 */
export type Recognition = "certain" | "match" | "candidate" | "other"

/** What the recognition depends on, in addition to the intent. */
export interface RecognitionContext {
  /** The job wasn't created earlier, even if clocks are wrong. Epoch milliseconds on Scenario's clock. */
  readonly createdFrom: number
  /** Only its seed proves a job that was created later, or before `provenFrom` (default `createdFrom`). */
  readonly createdUntil: number
  readonly provenFrom?: number
  /** False if jobs of the model don't have the seed that was sent. */
  readonly trustsSeed: boolean
}

/** How much the clocks of Scenario's servers can differ. Milliseconds. */
export const clockSlackMs = 60_000

export const recognizeJob = (intent: SubmitIntent, job: Job, context: RecognitionContext): Recognition => {
  const createdAt = Date.parse(job.createdAt ?? "")
  if (createdAt < context.createdFrom) return "other"
  if (isOfAnotherAuthor(intent, job)) return "other"
  const bySeed = context.trustsSeed ? compareSeed(intent, job) : "unknown"
  // With the right seed, only the name of the model or of the job type may differ.
  if (!isOfTarget(intent, job)) return bySeed === "same" ? "candidate" : "other"
  const isFromBefore = createdAt < toGranularity(job, context.provenFrom ?? context.createdFrom)
  if (bySeed === "same") {
    // After the first job of a `requestKey` has failed, it is submitted again with the same seed.
    const isFirstOfKey = isFromBefore && ["failed", "canceled"].includes(classifyJob(job))
    return isFirstOfKey ? "candidate" : "certain"
  }
  if (bySeed === "different") return "other"
  const recognition = compareEcho(intent, job)
  // If the job has no date, or another one, the same inputs prove nothing.
  const isOfThisTime = createdAt <= context.createdUntil && !isFromBefore
  return recognition === "match" && !isOfThisTime ? "candidate" : recognition
}

/** If the job's date has only whole seconds, the time is compared in whole seconds. */
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
  // A job of a LoRA can name the base model or the LoRA.
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

/** Reads a whole number, also as text. */
export const readSeed = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isInteger(number) ? number : undefined
}

/** Whether a job has another value of an input that was sent, except for the seed. */
export const contradictsEcho = (intent: SubmitIntent, job: Job): boolean =>
  compareEcho(intent, job) === "other"

/** Compares the inputs. If the job lacks one that was sent, or contradicts a default, it is only a candidate. */
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
