import { Workflows } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import { type ChoicePage, readTwoLists } from "./twoLists.ts"

export const listApps = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
  runStep(
    z,
    bundle,
    Effect.flatMap(Workflows, (workflows) =>
      readTwoLists(
        bundle.meta.paging_token,
        (list, paginationToken) =>
          workflows.page({
            privacy: list === "own" ? "private" : "public",
            status: "ready",
            paginationToken,
            pageSize: 50,
          }),
        ({ workflowId, name = workflowId }, list) => ({
          id: workflowId,
          label: list === "own" ? `${name} (yours)` : name,
        }),
      ),
    ).pipe(withinStep(startStepBudget())),
  )
