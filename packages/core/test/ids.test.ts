import { assert, describe } from "@effect/vitest"
import type { Effect } from "effect"
import { AssetLibrary } from "../src/account/AssetLibrary.ts"
import { Collections } from "../src/account/Collections.ts"
import { Models } from "../src/account/Models.ts"
import { Uploads } from "../src/account/Uploads.ts"
import { Workflows } from "../src/account/Workflows.ts"
import { Assets } from "../src/resolve/Assets.ts"
import { generate, resume } from "../src/generate.ts"
import { Generations } from "../src/submit/Generations.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { getPolls } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

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

describe("an invalid ID", () => {
  simulatedTest.each(wrongIds)("is rejected before a request is sent: %j", function* (simulator, id) {
    const [assets, library, models] = [yield* Assets, yield* AssetLibrary, yield* Models]
    const [workflows, collections, uploads] = [yield* Workflows, yield* Collections, yield* Uploads]
    const generations = yield* Generations
    const calls: ReadonlyArray<Effect.Effect<unknown, { readonly _tag: string; readonly message: string }>> =
      [
        assets.get(id),
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
    for (const call of calls) yield* expectFailure(call, "InvalidInput")
    assert.deepStrictEqual(simulator.requests(), [])
  })
})

describe("an odd ID from the API", () => {
  const oddIds = [
    " ",
    "a b",
    "a/b",
    "a%2Fb",
    "a?b",
    "a#b",
    "../jobs",
    "..",
    ".",
    "x\n",
    "\ud800",
    "a".repeat(600),
  ]

  simulatedTest.each(oddIds)("does not hide the other assets of a job: %j", function* (simulator, odd) {
    const good = simulator.addAsset({})
    const jobId = simulator.addJob({ ageMs: 60_000, assetIds: [good, odd] })
    const error = yield* expectFailure(resume(jobId), "AssetsMissing")
    assert.deepStrictEqual(
      error.assets.map(({ assetId }) => assetId),
      [good],
    )
    assert.deepStrictEqual(error.assetIds, [odd])
    assert.strictEqual(error.job?.jobId, jobId)
    assert.deepStrictEqual(
      simulator.requests().filter(({ path }) => path.includes("..") || path.includes(" ")),
      [],
    )
  })

  simulatedTest.each(["job/1 x", "job:1 b", "job?1", "job#1"])(
    "is percent-encoded in polls: %j",
    function* (simulator, value) {
      simulator.planNextJob({ jobId: value })
      const { job, assets } = yield* generate({
        model: "model_openai-gpt-image-2",
        inputs: { prompt: "a red house" },
      })
      assert.strictEqual(job.jobId, value)
      assert.strictEqual(assets.length, 1)
      assert.strictEqual(simulator.ledger().paidJobs, 1)
      const paths = new Set(getPolls(simulator).map(({ path }) => path))
      assert.deepStrictEqual([...paths], [`/v1/jobs/${encodeURIComponent(value)}`])
    },
  )

  simulatedTest.each(["../jobs", "..", "x\ny"])(
    "times out with the paid job if it can't be part of a path: %j",
    function* (simulator, value) {
      simulator.planNextJob({ jobId: value })
      const error = yield* expectFailure(
        generate({ model: "model_openai-gpt-image-2", inputs: { prompt: "a red house" } }),
        "WaitTimedOut",
      )
      assert.strictEqual(error.job.jobId, value)
      assert.include(error.message, "It was submitted and is charged")
      assert.strictEqual(simulator.ledger().paidJobs, 1)
      assert.deepStrictEqual(getPolls(simulator), [])
    },
  )
})
