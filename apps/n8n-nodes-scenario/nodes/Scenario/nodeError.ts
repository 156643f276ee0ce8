import { isScenarioError, type ScenarioError } from "@scenario-automation/core"
import { Data } from "effect"
import {
  type IDataObject,
  type IExecuteFunctions,
  type INode,
  NodeApiError,
  NodeOperationError,
} from "n8n-workflow"
import { BadParameter } from "./BadParameter.ts"
import { describeError } from "./errorText.ts"
import { toAssetJson, toPlainJson } from "./output/toJson.ts"
import { shorten } from "./readValues.ts"

/** Scenario no longer knows a job that this node has started. */
export class JobVanished extends Data.TaggedError("JobVanished")<{ readonly jobId: string }> {
  override get message(): string {
    return `Scenario no longer knows job ${this.jobId}, which this node started and which may have been charged. It may have been deleted. Check the job in Scenario before you run the node again.`
  }
}

/** The relay isn't going to call back. */
export class CallbackRefused extends Data.TaggedError("CallbackRefused")<{
  readonly detail: string
  /** The jobs that have been started. */
  readonly jobIds: ReadonlyArray<string>
}> {
  override get message(): string {
    return this.jobIds.length === 0
      ? `${this.detail} Nothing was started.`
      : `${this.detail} No callback will be sent. These jobs keep running and are charged: ${this.jobIds.join(", ")}. Use AI Generation: Wait with these job IDs to get their results.`
  }
}

export type ItemError = ScenarioError | BadParameter | JobVanished | CallbackRefused

/** Characters. Errors can quote inputs, which can be megabytes of text. */
const maxMessageLength = 2_000

interface Failure {
  readonly message: string
  readonly description?: string | undefined
  readonly kind: string
  readonly jobId?: string | undefined
  /** Jobs that may belong to a submit whose response was lost. */
  readonly candidates?: ReadonlyArray<object> | undefined
  /** The request that failed and Scenario's ID of it, for support. */
  readonly request?: string | undefined
  readonly requestId?: string | undefined
  /** The available assets of an incomplete result. */
  readonly assets?: ReadonlyArray<object> | undefined
}

/** Splits an error into n8n's two parts: what happened, and below it what to do. */
const describeFailure = (error: unknown, knownJobId?: string): Failure => {
  const { text, rest } = readMessage(error)
  const [message, description] = splitMessage(shorten(text, maxMessageLength))
  return {
    message,
    description: [description, rest].filter((part) => part !== undefined).join(" ") || undefined,
    kind: getErrorKind(error),
    jobId: getJobId(error) ?? knownJobId,
    ...(isScenarioError(error) && error._tag === "ApiError"
      ? { request: error.request, requestId: error.requestId }
      : {}),
    candidates: isScenarioError(error) && error._tag === "SubmitUncertain" ? error.candidates : undefined,
    assets:
      isScenarioError(error) && error._tag === "AssetsMissing" && error.assets.length > 0
        ? error.assets.map(toAssetJson)
        : undefined,
  }
}

/**
 * The JSON of a failed item. n8n sends an item to the error output only if its JSON has no other keys than `error`,
 * `message` and `details`.
 */
export const toErrorJson = (error: unknown, knownJobId?: string): IDataObject => {
  const { message, description, ...details } = describeFailure(error, knownJobId)
  return toPlainJson({
    error: description === undefined ? message : `${message} ${description}`,
    details,
  })
}

/** The error that n8n shows for an item. Core's errors contain no secrets. */
export const toNodeError = (
  node: INode,
  error: unknown,
  itemIndex: number,
  stillRunning: ReadonlyArray<string> = [],
): NodeApiError | NodeOperationError => {
  const isOwn = error instanceof NodeApiError || error instanceof NodeOperationError
  if (isOwn && stillRunning.length === 0 && !isToolNode(node)) return error
  const failure = describeFailure(error)
  const running =
    stillRunning.length === 0
      ? undefined
      : `Still running, and charged: ${stillRunning.join(", ")}. Use AI Generation: Wait with these job IDs to get their results.`
  const parts = [failure.description, running].filter((part) => part !== undefined).join(" ")
  // An agent reads only the message.
  const isForAgent = isToolNode(node)
  const message = isForAgent && parts !== "" ? `${failure.message} ${parts}` : failure.message
  const options = { message, description: isForAgent ? "" : parts, itemIndex }
  if (isScenarioError(error) && error._tag === "ApiError") {
    const httpCode = "status" in error.reason ? String(error.reason.status) : statuses[error.reason._tag]
    return new NodeApiError(
      node,
      { message },
      { ...options, ...(httpCode === undefined ? {} : { httpCode }) },
    )
  }
  return new NodeOperationError(node, message, options)
}

/** Turns a rejection into n8n's error, for the panel and the trigger. */
export const rejectWithNodeError = <A>(
  host: Pick<IExecuteFunctions, "getNode">,
  promise: Promise<A>,
): Promise<A> => promise.catch((error: unknown) => Promise.reject(toNodeError(host.getNode(), error, 0)))

/** n8n adds a second type, with this suffix, for a node that agents can use. */
const isToolNode = ({ type }: INode): boolean => type.endsWith("Tool")

const statuses: Readonly<Record<string, string>> = {
  Unauthorized: "401",
  PlanRequired: "402",
  Forbidden: "403",
  NotFound: "404",
  RateLimited: "429",
}

/** n8n's own errors, such as an expression's, already have two parts. */
const readMessage = (error: unknown): { readonly text: string; readonly rest?: string | undefined } => {
  if (!(error instanceof Error)) return { text: String(error) }
  if (isScenarioError(error)) return { text: describeError(error) }
  const rest = "description" in error && typeof error.description === "string" ? error.description : undefined
  return rest === undefined || rest === "" || rest === error.message
    ? { text: error.message }
    : { text: error.message, rest: shorten(rest, maxMessageLength) }
}

/** n8n sets the first sentence as a headline, and the rest below it. */
const splitMessage = (text: string): readonly [string, string | undefined] => {
  const [, first, rest] = /^(.+?[.!?])\s+(\S.*)$/s.exec(text) ?? []
  return first === undefined ? [text, undefined] : [first, rest]
}

const getJobId = (error: unknown): string | undefined => {
  if (error instanceof JobVanished) return error.jobId
  if (!isScenarioError(error)) return undefined
  if ("job" in error) return error.job?.jobId
  return "jobId" in error ? error.jobId : undefined
}

const getErrorKind = (error: unknown): string => {
  if (error instanceof BadParameter || error instanceof JobVanished || error instanceof CallbackRefused)
    return error._tag
  if (isScenarioError(error)) return error._tag === "ApiError" ? error.reason._tag : error._tag
  return error instanceof Error && error.name !== "" ? error.name : "Error"
}
