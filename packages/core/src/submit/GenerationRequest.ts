import * as Predicate from "effect/Predicate"
import type { JobRef } from "../api/Job.ts"
import type { InputIssue } from "../errors.ts"
import { makeValueIssue } from "../InputIssue.ts"
import { findClosestName } from "./findClosestName.ts"
import {
  type EndpointInputs,
  type EndpointName,
  endpointNames,
  endpoints,
  isEndpointName,
} from "./EndpointTable.ts"
import { describeValue } from "../utils/describeValue.ts"
import type { SpanAttributes } from "../tracing.ts"
import type { LocalFile } from "../account/LocalFile.ts"

/**
 * The value of an input. A file is an asset ID, a data URL, an http(s) URL (imported first), or a `LocalFile` (uploaded first).
 * Pass an integer beyond 2^53, such as a seed, as text or as a `bigint`. `undefined` and `null` mean "not set".
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

/** Inputs by their names. */
export type Inputs = Readonly<Record<string, InputValue>>

export interface RequestOptions {
  /**
   * Whether to send inputs that the schema doesn't have. Default false, because the API silently drops them, and charges the
   * generation.
   */
  readonly allowUnknownInputs?: boolean | undefined
}

/** A LoRA to add, by its ID. Default strength: the base's own. */
export type LoraChoice = string | { readonly model: string; readonly strength?: number | undefined }

/** How LoRAs and compositions run. The library finds the base model that they need. */
export interface LoraOptions {
  /** The strength of the LoRA in `model`, usually 0..2. Default: the base's own. */
  readonly strength?: number | undefined
  /** LoRAs to add to `model`, which is a LoRA of the same family, or a base model that accepts LoRAs. Default: none. */
  readonly loras?: ReadonlyArray<LoraChoice> | undefined
  /** The ID of the base model. Default: the one that Scenario names for the LoRA, or the usual one of its type. */
  readonly baseModel?: string | undefined
}

/**
 * Runs a model by its own inputs, `POST /generate/custom/{modelId}`. A LoRA or a composition runs by those of its base model,
 * which is then the model of the job.
 */
export interface ModelRequest extends RequestOptions, LoraOptions {
  readonly model: string
  readonly inputs: Inputs
  // Without the other targets, so that the compiler compares a request with one kind only, and suggests what was misspelled.
  readonly endpoint?: undefined
  readonly workflow?: undefined
}

/** Runs a workflow (an "App"): `PUT /workflows/{workflowId}/run`. */
export interface WorkflowRequest extends RequestOptions {
  readonly workflow: string
  readonly inputs: Inputs
  readonly model?: undefined
  readonly endpoint?: undefined
}

/** Runs a named endpoint. */
export type EndpointRequest = {
  readonly [K in EndpointName]: RequestOptions & {
    readonly endpoint: K
    readonly inputs: EndpointInputs[K]
    readonly model?: undefined
    readonly workflow?: undefined
  }
}[EndpointName]

/** What to generate. */
export type GenerationRequest = ModelRequest | EndpointRequest | WorkflowRequest

/** What a request runs: a model, an endpoint, or a workflow. */
export type GenerationTarget =
  | { readonly model: string }
  | { readonly endpoint: EndpointName }
  | { readonly workflow: string }

/**
 * Creates a request whose inputs are only known at run time, because a person typed them, for example. Like all inputs, they are
 * checked before anything is sent.
 *
 * @example
 * ```ts
 * const request = requestFor({ model: "model_openai-gpt-image-2" }, JSON.parse('{ "prompt": "a red house" }'))
 * ```
 */
export const requestFor = (
  target: GenerationTarget,
  inputs: Inputs,
  options: RequestOptions & LoraOptions = {},
): GenerationRequest =>
  // The compiler can't relate the endpoint to its inputs here. `checkInputs` checks them, with the same table.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  ({ ...target, ...options, inputs }) as GenerationRequest

/** The issue with a request as a whole, for callers without a compiler. */
export const findRequestIssue = (request: GenerationRequest): InputIssue | undefined => {
  const issue = findTargetIssue(
    ["model", "endpoint", "workflow"].filter(
      (name) => Predicate.hasProperty(request, name) && request[name] !== undefined,
    ),
  )
  if (issue !== undefined) return issue
  if (!Predicate.isObject(request.inputs)) {
    return makeValueIssue("inputs", "an object of inputs", describeValue(request.inputs))
  }
  if (request.endpoint !== undefined && !isEndpointName(request.endpoint)) {
    const closest = findClosestName(String(request.endpoint), endpointNames)
    const advice =
      closest === undefined ? `Pass one of ${endpointNames.join(", ")}.` : `Did you mean \`${closest}\`?`
    return { path: "endpoint", message: `Unknown endpoint ${describeValue(request.endpoint)}. ${advice}` }
  }
  return undefined
}

/** The issue if a request names none of a model, an endpoint, and a workflow, or several. */
export const findTargetIssue = (targets: ReadonlyArray<string>): InputIssue | undefined => {
  if (targets.length === 1) return undefined
  const problem =
    targets.length === 0
      ? "The request has no model, endpoint, or workflow."
      : `The request has ${targets.join(" and ")}.`
  return { path: "request", message: `${problem} Pass exactly one of model, endpoint, and workflow.` }
}

/** Relative to the base URL. */
export const getRequestPath = (request: GenerationRequest): string => {
  if (request.model !== undefined) return `/generate/custom/${encodeURIComponent(request.model)}`
  if (request.workflow !== undefined) return `/workflows/${encodeURIComponent(request.workflow)}/run`
  return endpoints[request.endpoint].path
}

/** Workflows run by PUT, everything else by POST. */
export const getRequestMethod = (request: GenerationRequest): "POST" | "PUT" =>
  request.workflow !== undefined ? "PUT" : "POST"

/** The model that the request names. Some endpoints have no model, and a workflow has its own. */
export const getModelId = (request: GenerationRequest): string | undefined => {
  if (request.model !== undefined) return request.model
  if (request.workflow !== undefined) return undefined
  return "modelId" in request.inputs ? request.inputs.modelId : undefined
}

/** What the request runs, as in the reference of its job. */
export const getSubject = (request: GenerationRequest): Pick<JobRef, "modelId" | "workflowId"> => ({
  modelId: getModelId(request),
  workflowId: request.workflow !== undefined ? request.workflow : undefined,
})

/** What runs, as attributes of a span. The request isn't checked yet. */
export const describeTarget = (request: GenerationRequest): SpanAttributes => ({
  "scenario.model.id": readTarget(request, "model"),
  "scenario.workflow.id": readTarget(request, "workflow"),
  "scenario.endpoint": readTarget(request, "endpoint"),
})

const readTarget = (request: unknown, name: "model" | "workflow" | "endpoint"): string | undefined => {
  const target: unknown = Predicate.isObject(request) ? Reflect.get(request, name) : undefined
  return typeof target === "string" ? target : undefined
}

/** Names what runs, without its inputs, for messages. */
export const describeRequest = (request: GenerationRequest): string => {
  if (request.model !== undefined) return `model ${request.model}`
  if (request.workflow !== undefined) return `workflow ${request.workflow}`
  const modelId = getModelId(request)
  return modelId === undefined ? request.endpoint : `${request.endpoint} with ${modelId}`
}
