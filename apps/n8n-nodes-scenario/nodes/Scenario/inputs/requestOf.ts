import {
  type GenerationRequest,
  type GenerationTarget,
  isEndpointName,
  requestFor,
} from "@scenario-automation/core"
import { Effect } from "effect"
import type { Item } from "../Item.ts"
import { BadParameter } from "../nodeError.ts"
import { descriptorsOf } from "./descriptors.ts"
import { readInputs } from "./readInputs.ts"

/** The request that an item's parameters describe. `fixed` are inputs that a parameter of their own holds. */
export const requestOf = Effect.fn("requestOf")(function* (
  item: Item,
  target: GenerationTarget,
  fixed: Readonly<Record<string, string>> = {},
) {
  const descriptors = yield* descriptorsOf(target)
  const inputs = yield* Effect.tryPromise({
    try: () => readInputs(item, descriptors),
    catch: (cause) => (cause instanceof BadParameter ? cause : new BadParameter({ message: String(cause) })),
  })
  const request: GenerationRequest = requestFor(
    target,
    { ...inputs, ...fixed },
    { allowUnknownInputs: item.option("allowUnknownInputs") === true },
  )
  return request
})

/** Generation's own choice: a model by its own inputs, or in a mode where it needs one. */
export const generationRequestOf = (item: Item) =>
  Effect.gen(function* () {
    const modelId = item.text("modelId")
    if (modelId === "")
      return yield* new BadParameter({ message: "No model is chosen. Choose one under Model." })
    const mode = item.text("mode")
    if (!isEndpointName(mode)) return yield* requestOf(item, { model: modelId })
    return yield* requestOf(item, { endpoint: mode }, { modelId })
  })
