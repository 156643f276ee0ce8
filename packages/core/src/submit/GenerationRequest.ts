import * as Predicate from "effect/Predicate"
import type { JobRef } from "../api/Job.ts"
import type { InputIssue } from "../errors.ts"
import { makeValueIssue } from "../InputIssue.ts"
import { closestName } from "./closestName.ts"
import {
  type EndpointInputs,
  type EndpointName,
  endpointNames,
  endpoints,
  isEndpointName,
} from "./EndpointTable.ts"
import { describeGiven } from "./InputWording.ts"
import type { LocalFile } from "../account/LocalFile.ts"

/**
 * The value of one input. A file is an asset id, a data URL, an http(s) URL (imported first) or a `LocalFile`
 * (uploaded first). An integer beyond 2^53, such as a seed, is given as text or as a bigint. `undefined` and `null` both
 * mean "not set".
 */
export type InputValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | LocalFile
  | ReadonlyArray<InputValue>
  | { readonly [name: string]: InputValue }

/** Inputs by the names that the model or the workflow gives them. */
export type Inputs = Readonly<Record<string, InputValue>>

interface RequestOptions {
  /**
   * Send inputs that the schema does not name. Default false, because the API drops them without a word, and
   * the generation is paid all the same.
   */
  readonly allowUnknownInputs?: boolean | undefined
}

/** A LoRA to add, by its id. Without a strength the base decides how strong it is. */
export type LoraChoice = string | { readonly model: string; readonly strength?: number | undefined }

/** How LoRAs and compositions run. They need a base model, which is found for them. */
export interface LoraOptions {
  /** How strong the LoRA is that is named as `model`, usually 0..2. Default: the base's own. */
  readonly strength?: number | undefined
  /** LoRAs to add to `model`, which is a LoRA of the same family or a base model that takes them. */
  readonly loras?: ReadonlyArray<LoraChoice> | undefined
  /** The id of the base model to run on. Default: the one that Scenario names for the LoRA, or the usual one of its type. */
  readonly baseModel?: string | undefined
}

/**
 * Runs a model by its own inputs, `POST /generate/custom/{modelId}`; a LoRA or a composition by those of its base model,
 * which then is the model of the job.
 */
export interface ModelRequest extends RequestOptions, LoraOptions {
  readonly model: string
  readonly inputs: Inputs
}

/** Runs a workflow (an "App"): `PUT /workflows/{workflowId}/run`. */
export interface WorkflowRequest extends RequestOptions {
  readonly workflow: string
  readonly inputs: Inputs
}

/** Runs a named endpoint: one typed case for each. */
export type EndpointRequest = {
  readonly [K in EndpointName]: RequestOptions & { readonly endpoint: K; readonly inputs: EndpointInputs[K] }
}[EndpointName]

/** What is to be generated. */
export type GenerationRequest = ModelRequest | EndpointRequest | WorkflowRequest

/** What a request is for: a model, a named endpoint, a workflow. */
export type GenerationTarget =
  | { readonly model: string }
  | { readonly endpoint: EndpointName }
  | { readonly workflow: string }

/**
 * A request whose inputs only become known at run time: typed in by a person, read from a file. Whether they fit is checked
 * before anything is sent, like those of any request.
 */
export const requestFor = (
  target: GenerationTarget,
  inputs: Inputs,
  options: RequestOptions & LoraOptions = {},
): GenerationRequest =>
  // The compiler cannot tie a name to its inputs here; `checkInputs` does, with the same table that the types are made of.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  ({ ...target, ...options, inputs }) as GenerationRequest

/** Issues of a request as a whole, for callers without a compiler. */
export const requestIssue = (request: GenerationRequest): InputIssue | undefined => {
  const issue = findTargetIssue(
    ["model", "endpoint", "workflow"].filter((name) => Predicate.hasProperty(request, name)),
  )
  if (issue !== undefined) return issue
  if (!Predicate.isObject(request.inputs)) {
    return makeValueIssue("inputs", "an object of inputs", describeGiven(request.inputs))
  }
  if ("endpoint" in request && !isEndpointName(request.endpoint)) {
    const closest = closestName(String(request.endpoint), endpointNames)
    const advice =
      closest === undefined ? `Pass one of ${endpointNames.join(", ")}.` : `Did you mean \`${closest}\`?`
    return { path: "endpoint", message: `Unknown endpoint ${describeGiven(request.endpoint)}. ${advice}` }
  }
  return undefined
}

/** The issue with a request that names none of a model, an endpoint, and a workflow, or several. */
export const findTargetIssue = (targets: ReadonlyArray<string>): InputIssue | undefined => {
  if (targets.length === 1) return undefined
  const problem = targets.length === 0 ? "Nothing to run is named." : `It names ${targets.join(" and ")}.`
  return { path: "request", message: `${problem} Pass exactly one of model, endpoint, and workflow.` }
}

/** Below the base URL, percent-encoded. */
export const getRequestPath = (request: GenerationRequest): string => {
  if ("model" in request) return `/generate/custom/${encodeURIComponent(request.model)}`
  if ("workflow" in request) return `/workflows/${encodeURIComponent(request.workflow)}/run`
  return endpoints[request.endpoint].path
}

/** Workflows are run by PUT, everything else by POST. */
export const getRequestMethod = (request: GenerationRequest): "POST" | "PUT" =>
  "workflow" in request ? "PUT" : "POST"

/** The model that the request names; some endpoints have none, and a workflow has its own. */
export const getModelId = (request: GenerationRequest): string | undefined => {
  if ("model" in request) return request.model
  if ("workflow" in request) return undefined
  return "modelId" in request.inputs ? request.inputs.modelId : undefined
}

/** What the request runs, as its job will name it. */
export const getSubject = (request: GenerationRequest): Pick<JobRef, "modelId" | "workflowId"> => ({
  modelId: getModelId(request),
  workflowId: "workflow" in request ? request.workflow : undefined,
})

/** For messages and spans: what is run, and never with what. */
export const describeRequest = (request: GenerationRequest): string => {
  if ("model" in request) return `model ${request.model}`
  if ("workflow" in request) return `workflow ${request.workflow}`
  const modelId = getModelId(request)
  return modelId === undefined ? request.endpoint : `${request.endpoint} with ${modelId}`
}
