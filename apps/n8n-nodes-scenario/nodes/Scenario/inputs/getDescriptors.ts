import {
  endpoints,
  type GenerationTarget,
  type InputDescriptor,
  type InvalidInput,
  type ApiError,
  Models,
  Workflows,
} from "@scenario-automation/core"
import { Effect } from "effect"

/** Empty if Scenario doesn't describe the inputs. */
export const getDescriptors = (
  target: GenerationTarget,
): Effect.Effect<ReadonlyArray<InputDescriptor>, ApiError | InvalidInput, Models | Workflows> => {
  if ("endpoint" in target) return Effect.succeed(endpoints[target.endpoint].fields)
  return "workflow" in target
    ? Workflows.use((workflows) => workflows.get(target.workflow)).pipe(
        Effect.map(({ inputs }) => inputs ?? []),
      )
    : Models.use((models) => models.get(target.model)).pipe(Effect.map(({ inputs }) => inputs ?? []))
}
