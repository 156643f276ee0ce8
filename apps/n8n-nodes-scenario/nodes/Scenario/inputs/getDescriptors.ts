import {
  LoraRouting,
  type GenerationTarget,
  type InputDescriptor,
  type InvalidInput,
  type ApiError,
  Workflows,
} from "@scenario-automation/core"
import { endpoints } from "@scenario-automation/core/host"
import { Effect } from "effect"

/** The inputs of a LoRA are those of its base model. Empty if Scenario doesn't describe the inputs. */
export const getDescriptors = (
  target: GenerationTarget,
  baseModel?: string,
): Effect.Effect<ReadonlyArray<InputDescriptor>, ApiError | InvalidInput, LoraRouting | Workflows> => {
  if ("endpoint" in target) return Effect.succeed(endpoints[target.endpoint].fields)
  return "workflow" in target
    ? Workflows.use((workflows) => workflows.get(target.workflow)).pipe(
        Effect.map(({ inputs }) => inputs ?? []),
      )
    : LoraRouting.use((routing) => routing.describe(target.model, { baseModel })).pipe(
        Effect.map(({ inputs }) => inputs ?? []),
      )
}
