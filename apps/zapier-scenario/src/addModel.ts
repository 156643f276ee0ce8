import { DurationHistory, Models } from "@scenario-automation/core"
import { Effect } from "effect"
import type { GenerationState } from "./outputs/generationOutput.ts"

/** Adds the model's name and what it makes, if it can be read in time. Core remembers a model that the step has read before. */
export const addModel = Effect.fn("addModel")(function* (state: GenerationState, timeoutMs: number) {
  const modelId =
    state.job.modelId ??
    state.snapshot?.modelId ??
    state.generated?.assets.find((asset) => asset.modelId)?.modelId
  if (modelId === undefined || state.modelName !== undefined) return state
  const models = yield* Models
  const model = yield* models.get(modelId).pipe(
    Effect.timeout(Math.max(0, Math.min(timeoutMs, maxReadMs))),
    Effect.orElseSucceed(() => undefined),
  )
  if (model === undefined) return state
  const history = yield* DurationHistory
  history.recognize(model)
  const known: GenerationState = { ...state, modelName: model.name, outputKind: history.getOutput(modelId) }
  return known
})

const maxReadMs = 3_000
