import * as Effect from "effect/Effect"
import type { InputDescriptor } from "../api/InputDescriptor.ts"
import { sha256 } from "../utils/sha256.ts"
import { endpoints } from "./EndpointTable.ts"
import type { GenerationRequest } from "./GenerationRequest.ts"

/*
 * The API has no idempotency key, but a job has its inputs. If the caller sets no seed, the library chooses one, by which it
 * recognizes the job of a submit whose response was lost.
 */

/** The seeds to choose from: `first`, `first + step`, …: `count` of them. */
export interface SeedRange {
  readonly first: number
  readonly step: number
  readonly count: number
  /** Whether the input is decimal text. */
  readonly isText: boolean
}

const maxSeed = 2 ** 31 - 1
/** With fewer values, seeds would repeat too soon. */
const minCount = 2 ** 24

/**
 * Finds the seeds to choose from; `undefined` if the model has no optional input named `seed`, if the caller set it, if it
 * affects the price, or if several outputs are requested, which could then be identical.
 */
export const findSeedRange = (
  request: GenerationRequest,
  body: Readonly<Record<string, unknown>>,
  descriptors: ReadonlyArray<InputDescriptor> | undefined,
): SeedRange | undefined => {
  const seed = descriptors?.find(({ name }) => name === "seed")
  if (seed === undefined || descriptors === undefined || !mayChoose(request, body)) return undefined
  if (!isFree(seed) || !isEmpty(body["seed"])) return undefined
  return descriptors.filter(isOutputCount).every(({ name, default: otherwise }) => {
    const count = isEmpty(body[name]) ? otherwise : body[name]
    return Number(count) === 1
  })
    ? toRange(seed)
    : undefined
}

/** A random seed, or the one of the caller's `requestKey`. */
export const chooseSeed = (range: SeedRange, requestKey: string | undefined): Effect.Effect<number> => {
  const bytes =
    requestKey === undefined
      ? Effect.sync(() => crypto.getRandomValues(new Uint8Array(6)))
      : sha256(requestKey)
  return Effect.map(bytes, (random) => {
    const number = random.subarray(0, 6).reduce((total, byte) => total * 256 + byte, 0)
    return range.first + range.step * (number % range.count)
  })
}

/** Not for workflows and text. Only one model of prompt-editing accepts a seed. */
const mayChoose = (request: GenerationRequest, body: Readonly<Record<string, unknown>>): boolean => {
  if (request.workflow !== undefined) return false
  if (request.endpoint === undefined) return true
  if (endpoints[request.endpoint].returns === "text") return false
  return request.endpoint !== "prompt-editing" || body["modelId"] === "flux-kontext"
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "")

const isFree = ({
  type,
  required,
  default: otherwise,
  allowedValues,
  costImpact,
}: InputDescriptor): boolean =>
  (type === "number" || type === "string") &&
  !isEverRequired(required) &&
  (isEmpty(otherwise) || [0, -1].includes(Number(otherwise))) &&
  (allowedValues === undefined || allowedValues.length === 0) &&
  costImpact !== true

const isEverRequired = (required: InputDescriptor["required"]): boolean =>
  required !== undefined &&
  (required.always ||
    required.ifDefined.length > 0 ||
    required.ifNotDefined.length > 0 ||
    required.conditionalValues.length > 0)

/** Whether an input sets the number of results: `numOutputs`, `numSamples`, `max_images`, `n`, … */
const isOutputCount = ({ name, type }: InputDescriptor): boolean => {
  const plain = name.replace(/[_-]/g, "").toLowerCase()
  return (
    type === "number" &&
    /^(n|count|batch|batchsize|batchcount|quantity|(num|nb|number|numberof|max)?(outputs?|samples?|images?|results?|variations?|variants?|generations?|pictures?|videos?|candidates?)(perprompt|count|number|num)?)$/.test(
      plain,
    )
  )
}

const toRange = ({ type, min, max, step, maxLength }: InputDescriptor): SeedRange | undefined => {
  const isText = type === "string"
  if (isText && maxLength !== undefined && maxLength < String(maxSeed).length) return undefined
  const stride = step !== undefined && step > 1 && Number.isInteger(step) ? step : 1
  const least = Math.max(1, Math.ceil(Number(min ?? 1)))
  // It must be on a step from zero and from the minimum, because the API may count from either.
  const first = Math.ceil(least / stride) * stride
  const count = Math.floor((Math.min(Number(max ?? maxSeed), maxSeed) - first) / stride) + 1
  const isOnStep = (Number(min ?? 0) - first) % stride === 0
  return count >= minCount && isOnStep ? { first, step: stride, count, isText } : undefined
}
