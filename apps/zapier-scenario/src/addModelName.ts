import { Models } from "@scenario-automation/core"
import { Effect } from "effect"
import type { GenerationState } from "./outputs/generationOutput.ts"

/** Adds the model's name, if it can be read in time. Core remembers a model that the step has read before. */
export const addModelName = Effect.fn("addModelName")(function* (state: GenerationState, timeoutMs: number) {
  const modelId =
    state.job.modelId ??
    state.snapshot?.modelId ??
    state.generated?.assets.find((asset) => asset.modelId)?.modelId
  if (modelId === undefined || state.modelName !== undefined) return state
  const models = yield* Models
  const modelName = yield* models.get(modelId).pipe(
    Effect.timeout(Math.max(0, Math.min(timeoutMs, maxReadMs))),
    Effect.map(({ name }) => name),
    Effect.orElseSucceed(() => undefined),
  )
  const named: GenerationState = { ...state, modelName }
  return named
})

const maxReadMs = 3_000
