import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { AssetLibrary } from "../src/account/AssetLibrary.ts"
import { Collections } from "../src/account/Collections.ts"
import { JobList } from "../src/account/JobList.ts"
import { Usage } from "../src/account/Usage.ts"
import { queries, sent } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

describe("assets", () => {
  it.effect("are listed with the filters that were given and no others", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const ids = [3_000, 2_000, 1_000].map((ageMs) => simulator.addAsset({ ageMs, modelId: "model_1" }))
        simulator.addAsset({ ageMs: 500, modelId: "model_2" })
        const library = yield* AssetLibrary
        const assets = yield* Stream.runCollect(
          library.list({ modelId: "model_1", createdAfter: "2020-01-01", sortDirection: "asc", pageSize: 2 }),
        )
        assert.deepStrictEqual(
          assets.map((asset) => asset.assetId),
          ids,
        )
        assert.deepStrictEqual(simulator.requests()[0]?.query, {
          modelId: "model_1",
          // The API wants it beside the date.
          sortBy: "createdAt",
          sortDirection: "asc",
          createdAfter: "2020-01-01",
          pageSize: "2",
        })
        assert.strictEqual(simulator.requests().length, 2)
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are found by words", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const assetId = simulator.addAsset({ prompt: "a red house" })
        simulator.addAsset({ prompt: "a blue boat" })
        const library = yield* AssetLibrary
        const hits = yield* Stream.runCollect(library.search("red"))
        assert.deepStrictEqual(
          hits.map((hit) => hit.assetId),
          [assetId],
        )
      }),
    ),
  )

  it.effect("are tagged, renamed and described", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const assetId = simulator.addAsset({ tags: ["old"] })
        const library = yield* AssetLibrary
        yield* library.addTags(assetId, ["old", "new"])
        yield* library.removeTags(assetId, ["old", "never there"])
        const updated = yield* library.update(assetId, { name: "The house" })
        assert.deepStrictEqual(updated.tags, ["new"])
        assert.deepStrictEqual(simulator.requests().at(-1)?.body, { name: "The house" })
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are deleted a hundred at a time", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const ids = Array.from({ length: 130 }, () => simulator.addAsset())
        const library = yield* AssetLibrary
        yield* library.delete([...ids, ...ids.slice(0, 5)])
        assert.deepStrictEqual(sent(simulator), ["DELETE /assets", "DELETE /assets"])
        assert.deepStrictEqual(yield* Stream.runCollect(library.list()), [])
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are not touched by wrong arguments", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const library = yield* AssetLibrary
        const created = { createdAfter: "2026-01-01" }
        const errors = [
          yield* Effect.flip(library.delete([])),
          yield* Effect.flip(library.addTags("asset_1", [""])),
          yield* Effect.flip(library.update("asset_1", {})),
          yield* Effect.flip(Stream.runCollect(library.list({ pageSize: 101 }))),
          yield* Effect.flip(Stream.runCollect(library.list({ ...created, sortBy: "updatedAt" }))),
          yield* Effect.flip(Stream.runCollect(library.list({ ...created, updatedBefore: "2026-02-01" }))),
        ]
        assert.deepStrictEqual(
          errors.map((error) => error._tag),
          errors.map(() => "InvalidInput" as const),
        )
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )
})

describe("collections", () => {
  it.effect("are made, filled, emptied and deleted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const ids = Array.from({ length: 60 }, () => simulator.addAsset())
        const collections = yield* Collections
        const { collectionId } = yield* collections.create("Houses")
        yield* collections.addAssets(collectionId, ids)
        assert.strictEqual((yield* collections.get(collectionId)).assetCount, 60)
        yield* collections.removeAssets(collectionId, ids.slice(0, 50))
        assert.deepInclude(yield* collections.get(collectionId), { name: "Houses", assetCount: 10 })
        assert.deepStrictEqual(
          (yield* Stream.runCollect(collections.list())).map((one) => one.collectionId),
          [collectionId],
        )
        yield* collections.delete(collectionId)
        assert.deepStrictEqual(yield* Stream.runCollect(collections.list()), [])
        const path = `/collections/${collectionId}`
        assert.deepStrictEqual(
          sent(simulator).filter((request) => request.endsWith("/assets")),
          [`PUT ${path}/assets`, `PUT ${path}/assets`, `DELETE ${path}/assets`, `DELETE ${path}/assets`],
        )
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are created once: a lost answer is not tried again", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("truncated-body")
        const collections = yield* Collections
        const error = yield* Effect.flip(collections.create("Houses"))
        assert.strictEqual(error._tag, "ApiError")
        assert.deepStrictEqual(sent(simulator), ["POST /collections"])
      }),
    ),
  )
})

describe("the list of jobs", () => {
  it.effect("is filtered by what was given", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ jobType: "upscale", ageMs: 60_000 })
        simulator.addJob({ jobType: "custom", ageMs: 60_000 })
        const list = yield* JobList
        const jobs = yield* Stream.runCollect(list.list({ types: ["upscale", "reframe"], status: "success" }))
        assert.deepStrictEqual(
          jobs.map((job) => job.jobId),
          [jobId],
        )
        assert.deepStrictEqual(queries(simulator)[0], {
          types: "upscale,reframe",
          status: "success",
          pageSize: "50",
        })
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("goes on over all pages", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (let ageMs = 1; ageMs <= 7; ageMs++) simulator.addJob({ ageMs })
        const list = yield* JobList
        assert.strictEqual((yield* Stream.runCollect(list.list({ pageSize: 3 }))).length, 7)
        assert.strictEqual(simulator.requests().length, 3)
      }),
    ),
  )
})

describe("usage", () => {
  it.effect("is reported for a range", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const usage = yield* Usage
        const report = yield* usage.get({ startDate: "2026-01-01", endDate: "2026-05-01", types: ["usages"] })
        assert.strictEqual(report.series[0]?.name, "creative-unit-cost")
        assert.strictEqual(report.consumption[0]?.isApiKey, true)
        assert.deepStrictEqual(queries(simulator)[0], {
          startDate: "2026-01-01",
          endDate: "2026-05-01",
          type: "usages",
        })
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("is not asked for over a range that the API refuses", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const usage = yield* Usage
        const errors = [
          yield* Effect.flip(usage.get({ startDate: "2026-01-01", endDate: "2026-05-02" })),
          yield* Effect.flip(usage.get({ startDate: "2026-01-02", endDate: "2026-01-01" })),
          yield* Effect.flip(usage.get({ startDate: "2026-01-02" })),
          yield* Effect.flip(usage.get({ startDate: "soon", endDate: "later" })),
          yield* Effect.flip(usage.get({ activityOffset: -1 })),
        ]
        assert.deepStrictEqual(
          errors.map((error) => error._tag),
          errors.map(() => "InvalidInput" as const),
        )
        assert.deepStrictEqual(simulator.requests(), [])
      }),
    ),
  )
})
