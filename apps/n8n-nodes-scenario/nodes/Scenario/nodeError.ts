import { isScenarioError, type ScenarioError } from "@scenario-automation/core"
import { Data } from "effect"
import { type IExecuteFunctions, type INode, NodeApiError, NodeOperationError } from "n8n-workflow"

/** A parameter of the node that cannot be used as it is. Found before anything was sent. */
export class BadParameter extends Data.TaggedError("BadParameter")<{
  /** What is wrong, as a sentence that ends in what to do. */
  readonly message: string
}> {}

/** Everything in which one item can end but success. */
export type ItemError = ScenarioError | BadParameter

interface Failure {
  readonly message: string
  /** The rest of the sentence, with the cure. */
  readonly description?: string | undefined
  readonly jobId?: string | undefined
  readonly kind: string
}

/** A failure in n8n's two parts: what happened, and beneath it what to do. */
export const failureOf = (error: unknown, knownJobId?: string): Failure => {
  const text = error instanceof Error ? error.message : String(error)
  const [message, description] = partsOf(text)
  return {
    message,
    description,
    jobId: jobIdOf(error) ?? knownJobId,
    kind: kindOf(error),
  }
}

/** The error that n8n shows for an item. It holds no secret: core's errors hold none. */
export const nodeErrorOf = (
  node: INode,
  error: unknown,
  itemIndex: number,
  stillRunning: ReadonlyArray<string> = [],
): NodeApiError | NodeOperationError => {
  if (error instanceof NodeApiError || error instanceof NodeOperationError) return error
  const { message, description } = failureOf(error)
  const running =
    stillRunning.length === 0
      ? undefined
      : `Still running, and billed: ${stillRunning.join(", ")}. Get their results with Generation: Wait.`
  const options = {
    message,
    description: [description, running].filter((part) => part !== undefined).join(" "),
    itemIndex,
  }
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

/** Runs a piece of the panel or of a trigger: what it rejects with becomes n8n's error. */
export const orNodeError = <A>(host: Pick<IExecuteFunctions, "getNode">, promise: Promise<A>): Promise<A> =>
  promise.catch((error: unknown) => Promise.reject(nodeErrorOf(host.getNode(), error, 0)))

const statuses: Readonly<Record<string, string>> = {
  Unauthorized: "401",
  PlanRequired: "402",
  Forbidden: "403",
  NotFound: "404",
  RateLimited: "429",
}

/** n8n sets the first sentence as a headline, and the rest beneath it. */
const partsOf = (text: string): readonly [string, string | undefined] => {
  const [, first, rest] = /^(.+?[.!?])\s+(\S.*)$/s.exec(text) ?? []
  return first === undefined ? [text, undefined] : [first, rest]
}

const jobIdOf = (error: unknown): string | undefined => {
  if (!isScenarioError(error)) return undefined
  if ("job" in error) return error.job?.jobId
  return "jobId" in error ? error.jobId : undefined
}

const kindOf = (error: unknown): string => {
  if (!isScenarioError(error)) return error instanceof BadParameter ? error._tag : "Error"
  return error._tag === "ApiError" ? error.reason._tag : error._tag
}
