import {
  type ApiError,
  type GenerationRequest,
  type InvalidInput,
  type LoraChoice,
  Models,
} from "@scenario-automation/core"
import { Effect } from "effect"

/** Replaces the names of the account's own models by their IDs. Anything else stays as typed. */
export const withModelIds = Effect.fn("withModelIds")(function* (
  request: GenerationRequest,
): Effect.fn.Return<GenerationRequest, ApiError | InvalidInput, Models> {
  if (request.model === undefined) return request
  const { baseModel, loras } = request
  return {
    ...request,
    model: yield* findModelId(request.model),
    baseModel: baseModel === undefined ? undefined : yield* findModelId(baseModel),
    loras: loras === undefined ? undefined : yield* Effect.forEach(loras, findLora),
  }
})

const findLora = Effect.fnUntraced(function* (lora: LoraChoice) {
  const { model, strength } = typeof lora === "string" ? { model: lora, strength: undefined } : lora
  return { model: yield* findModelId(model), strength }
})

/** The ID of the account's own model with this name, or else the text as typed. A known ID wins. */
export const findModelId = Effect.fnUntraced(function* (typed: string) {
  const models = yield* Models
  const isKnown = yield* models.get(typed).pipe(
    Effect.as(true),
    Effect.catchIf(isUnknown, () => Effect.succeed(false)),
  )
  if (isKnown) return typed
  const named = yield* models.findByName(typed)
  return named?.modelId ?? typed
})

/** The text isn't the ID of a model, or can't be an ID. */
const isUnknown = (error: ApiError | InvalidInput): boolean =>
  error._tag === "InvalidInput" || error.reason._tag === "NotFound" || error.reason._tag === "Forbidden"
