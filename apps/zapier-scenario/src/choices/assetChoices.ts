import { AssetLibrary } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { describeAsset } from "../outputs/assetLabel.ts"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import type { ChoicePage } from "./twoLists.ts"

export const listAssets = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
  runStep(
    z,
    bundle,
    Effect.flatMap(AssetLibrary, (library) =>
      library.page({
        sortBy: "createdAt",
        sortDirection: "desc",
        paginationToken: bundle.meta.paging_token,
        pageSize: 100,
      }),
    ).pipe(
      withinStep(startStepBudget()),
      Effect.map(({ items, nextToken }) => ({
        results: items.map((asset) => ({ id: asset.assetId, label: describeAsset(asset) })),
        paging_token: nextToken ?? null,
      })),
    ),
  )
