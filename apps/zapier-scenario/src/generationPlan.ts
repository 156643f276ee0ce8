import type {
  ApiError,
  GenerationRequest,
  InputDescriptor,
  InvalidInput,
  ScenarioServices,
} from "@scenario-automation/core"
import type { Effect } from "effect"
import type { InvalidFields } from "./fields/InvalidFields.ts"

export interface GenerationPlan {
  readonly request: GenerationRequest
  readonly inputs: ReadonlyArray<InputDescriptor>
}

export type PlanEffect = Effect.Effect<
  GenerationPlan,
  InvalidFields | InvalidInput | ApiError,
  ScenarioServices
>

export const toPlan = (
  request: GenerationRequest,
  inputs: ReadonlyArray<InputDescriptor>,
): GenerationPlan => ({ request, inputs })
