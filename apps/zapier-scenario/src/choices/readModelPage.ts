import { type Model, Models } from "@scenario-automation/core"
import { Effect } from "effect"
import { readTwoLists } from "./twoLists.ts"

export const readModelPage = (token: string | undefined, types?: ReadonlyArray<string>) => {
  // The API filters by one type only.
  const type = types?.length === 1 ? types[0] : undefined
  return Effect.flatMap(Models, (models) =>
    readTwoLists(
      token,
      (privacy, paginationToken) => models.page({ privacy, type, paginationToken, pageSize: 100 }),
      (model, list) =>
        isReady(model) && (types === undefined || types.includes(model.type))
          ? { id: model.modelId, label: describeModel(model, list) }
          : undefined,
    ),
  )
}

const isReady = ({ status }: Model): boolean => status === undefined || status === "trained"

const describeModel = ({ modelId, name = modelId, minimumPlan }: Model, list: "own" | "public"): string => {
  if (list === "own") return `${name} (yours)`
  return minimumPlan === "Team" || minimumPlan === "Enterprise" ? `${name} (${minimumPlan} plan)` : name
}
