import {
  type GenerationRequest,
  type GenerationTarget,
  type LoraOptions,
  Models,
  requestFor,
} from "@scenario-automation/core"
import { endpoints, isEndpointName, findModes } from "@scenario-automation/core/host"
import { Effect } from "effect"
import type { Item } from "../Item.ts"
import { BadParameter } from "../BadParameter.ts"
import { getDescriptors } from "./getDescriptors.ts"
import type { Options } from "../readOptions.ts"
import { readInputs } from "./readInputs.ts"
import { runsOnBase } from "./runsOnBase.ts"

/** `fixed` are inputs with their own parameter, outside the form. */
export const readRequest = Effect.fn("readRequest")(function* (
  item: Item,
  target: GenerationTarget,
  fixed: Readonly<Record<string, string>> = {},
) {
  const descriptors = yield* getDescriptors(target, item.options.baseModel)
  const inputs = yield* Effect.tryPromise({
    try: () => readInputs(item, descriptors),
    catch: (cause) =>
      cause instanceof BadParameter
        ? cause
        : new BadParameter({ message: cause instanceof Error ? cause.message : String(cause) }),
  })
  const request: GenerationRequest = requestFor(
    target,
    { ...inputs, ...fixed },
    {
      allowUnknownInputs: item.options.allowUnknownInputs === true,
      ...("model" in target ? readLoraOptions(item.options) : {}),
    },
  )
  return request
})

const readLoraOptions = ({ strength, loras, baseModel }: Options): LoraOptions => ({
  ...(strength === undefined ? {} : { strength }),
  ...(loras === undefined ? {} : { loras }),
  ...(baseModel === undefined ? {} : { baseModel }),
})

/**
 * A model with its own inputs, or an older model in a mode. The mode of a previously selected model, which the panel no
 * longer shows, has no effect.
 */
export const resolveTarget = Effect.fn("resolveTarget")(function* (
  modelId: string,
  mode: string | undefined,
) {
  const models = yield* Models
  const model = yield* models.get(modelId)
  const { isCustom } = model
  const isMode = mode !== undefined && isEndpointName(mode) && endpoints[mode].capability !== undefined
  const target: GenerationTarget = isMode && isCustom !== true ? { endpoint: mode } : { model: modelId }
  return { target, needsMode: isCustom === false && !isMode && !runsOnBase(model), modes: findModes(model) }
})

export const readGenerationRequest = (item: Item) =>
  Effect.gen(function* () {
    const modelId = item.text("modelId")
    if (modelId === "")
      return yield* new BadParameter({ message: "No model is selected. Select one in the Model field." })
    const { target, needsMode, modes } = yield* resolveTarget(modelId, item.shown("mode"))
    if (needsMode) {
      return yield* new BadParameter({
        message: `${modelId} needs a mode, and none is selected. Select one in the Mode field (${modes.join(", ")}). If that field is not shown, select the model from the list again, or enter its ID.`,
      })
    }
    return yield* readRequest(item, target, "endpoint" in target ? { modelId } : {})
  })
