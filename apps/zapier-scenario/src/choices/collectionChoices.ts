import { Collections } from "@scenario-automation/core"
import { Effect, Stream } from "effect"
import type { Bundle, ZObject } from "zapier-platform-core"
import { runStep } from "../runStep.ts"
import { startStepBudget, withinStep } from "../StepBudget.ts"
import type { ChoicePage } from "./twoLists.ts"

/** All collections in one page: accounts have dozens of them. */
export const listCollections = (z: ZObject, bundle: Bundle): Promise<ChoicePage> =>
  runStep(
    z,
    bundle,
    Effect.flatMap(Collections, (collections) =>
      Stream.runCollect(Stream.take(collections.list(), maxCollections)),
    ).pipe(
      withinStep(startStepBudget()),
      Effect.map((found) => ({
        results: found.map(({ collectionId, name }) => ({ id: collectionId, label: name ?? collectionId })),
        paging_token: null,
      })),
    ),
  )

const maxCollections = 200
