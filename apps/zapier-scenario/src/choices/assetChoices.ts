import { type Asset, AssetLibrary } from "@scenario-automation/core"
import { Effect } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepClock, withinStep } from "../StepClock.ts"
import type { ChoicePage } from "./twoLists.ts"

/** The account's assets, the latest first. */
export const assetChoices = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
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
      withinStep(startStepClock()),
      Effect.map(({ items, nextToken }) => ({
        results: items.map((asset) => ({ id: asset.assetId, label: labelOf(asset) })),
        paging_token: nextToken ?? null,
      })),
    ),
  )

const labelOf = ({ assetId, name, prompt, kind }: Asset): string =>
  `${name ?? prompt?.slice(0, 60) ?? assetId} (${kind})`
