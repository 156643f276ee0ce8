import { type Model, Models } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import { type ChoicePage, pageOfTwoLists } from "./twoLists.ts"

/** Models that are ready: the account's own first. */
export const modelChoices = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
  runStep(
    z,
    bundle,
    Effect.flatMap(Models, (models) =>
      pageOfTwoLists(
        bundle.meta.paging_token,
        (privacy, paginationToken) => models.page({ privacy, paginationToken, pageSize: 100 }),
        (model, list) => (isReady(model) ? { id: model.modelId, label: labelOf(model, list) } : undefined),
      ),
    ).pipe(withinStep(startStepClock())),
  )

const isReady = ({ status }: Model): boolean => status === undefined || status === "trained"

const labelOf = ({ modelId, name = modelId, minimumPlan }: Model, list: "own" | "public"): string => {
  if (list === "own") return `${name} (yours)`
  return minimumPlan === "Team" || minimumPlan === "Enterprise" ? `${name} (${minimumPlan} plan)` : name
}
