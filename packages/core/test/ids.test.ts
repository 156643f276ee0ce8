import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { AssetLibrary } from "../src/account/AssetLibrary.ts"
import { Collections } from "../src/account/Collections.ts"
import { Models } from "../src/account/Models.ts"
import { Uploads } from "../src/account/Uploads.ts"
import { Workflows } from "../src/account/Workflows.ts"
import { Assets } from "../src/resolve/Assets.ts"
import { Generations } from "../src/submit/Generations.ts"
import { simulate } from "./support/simulation.ts"

const wrongIds = [
  "",
  " ",
  "a b",
  " model_1",
  "model_1\n",
  "a/b",
  "../jobs",
  "..",
  ".",
  "a%2Fb",
  "a?b",
  "a#b",
  "\ud800",
]

describe("an id that cannot be one", () => {
  it.effect.each(wrongIds)("is refused before anything is sent: %j", (id) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const [assets, library, models] = [yield* Assets, yield* AssetLibrary, yield* Models]
        const [workflows, collections, uploads] = [yield* Workflows, yield* Collections, yield* Uploads]
        const generations = yield* Generations
        const calls: ReadonlyArray<Effect.Effect<unknown, { readonly _tag: string }>> = [
          assets.get(id),
          assets.resolve({ job: { jobId: "job_1" }, assetIds: ["asset_1", id] }),
          library.addTags(id, ["tag"]),
          library.removeTags(id, ["tag"]),
          library.update(id, { name: "name" }),
          library.delete(["asset_1", id]),
          models.get(id),
          models.getMany(["model_1", id]),
          workflows.get(id),
          workflows.approve(id, "node"),
          collections.get(id),
          collections.addAssets(id, ["asset_1"]),
          collections.removeAssets("collection_1", [id]),
          collections.delete(id),
          uploads.get(id),
          generations.submit({ model: id, inputs: {} }),
          generations.submit({ workflow: id, inputs: {} }),
        ]
        for (const call of calls) assert.strictEqual((yield* Effect.flip(call))._tag, "InvalidInput")
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )
})
