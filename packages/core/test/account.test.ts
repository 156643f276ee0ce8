import { assert, describe } from "@effect/vitest"
import { Stream } from "effect"
import { AssetLibrary } from "../src/account/AssetLibrary.ts"
import { Collections } from "../src/account/Collections.ts"
import { JobList } from "../src/account/JobList.ts"
import { Usage } from "../src/account/Usage.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { listQueries, listRequests } from "./support/requests.ts"
import { simulatedTest } from "./support/simulation.ts"

describe("assets", () => {
  simulatedTest("are listed with the given filters only", function* (simulator) {
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
      // The API requires it with a date.
      sortBy: "createdAt",
      sortDirection: "asc",
      createdAfter: "2020-01-01",
      pageSize: "2",
    })
    assert.strictEqual(simulator.requests().length, 2)
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("are found by a search text", function* (simulator) {
    const assetId = simulator.addAsset({ prompt: "a red house" })
    simulator.addAsset({ prompt: "a blue boat" })
    const library = yield* AssetLibrary
    const hits = yield* Stream.runCollect(library.search("red"))
    assert.deepStrictEqual(
      hits.map((hit) => hit.assetId),
      [assetId],
    )
  })

  simulatedTest("can be tagged and renamed", function* (simulator) {
    const assetId = simulator.addAsset({ tags: ["old"] })
    const library = yield* AssetLibrary
    yield* library.addTags(assetId, ["old", "new"])
    yield* library.removeTags(assetId, ["old", "never there"])
    const updated = yield* library.update(assetId, { name: "The house" })
    assert.deepStrictEqual(updated.tags, ["new"])
    assert.deepStrictEqual(simulator.requests().at(-1)?.body, { name: "The house" })
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("are deleted 100 at a time", function* (simulator) {
    const ids = Array.from({ length: 130 }, () => simulator.addAsset())
    const library = yield* AssetLibrary
    yield* library.delete([...ids, ...ids.slice(0, 5)])
    assert.deepStrictEqual(listRequests(simulator), ["DELETE /assets", "DELETE /assets"])
    assert.deepStrictEqual(yield* Stream.runCollect(library.list()), [])
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("reject invalid arguments before a request is sent", function* (simulator) {
    const library = yield* AssetLibrary
    const created = { createdAfter: "2026-01-01" }
    yield* expectFailure(library.delete([]), "InvalidInput")
    yield* expectFailure(library.addTags("asset_1", [""]), "InvalidInput")
    yield* expectFailure(library.update("asset_1", {}), "InvalidInput")
    yield* expectFailure(Stream.runCollect(library.list({ pageSize: 101 })), "InvalidInput")
    yield* expectFailure(Stream.runCollect(library.list({ ...created, sortBy: "updatedAt" })), "InvalidInput")
    yield* expectFailure(
      Stream.runCollect(library.list({ ...created, updatedBefore: "2026-02-01" })),
      "InvalidInput",
    )
    assert.deepStrictEqual(simulator.requests(), [])
  })
})

describe("collections", () => {
  simulatedTest("can be created, filled, emptied, and deleted", function* (simulator) {
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
      listRequests(simulator).filter((request) => request.endsWith("/assets")),
      [`PUT ${path}/assets`, `PUT ${path}/assets`, `DELETE ${path}/assets`, `DELETE ${path}/assets`],
    )
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("are not created again after a lost response", function* (simulator) {
    simulator.faults.next("truncated-body")
    const collections = yield* Collections
    yield* expectFailure(collections.create("Houses"), "ApiError")
    assert.deepStrictEqual(listRequests(simulator), ["POST /collections"])
  })
})

describe("the list of jobs", () => {
  simulatedTest("is filtered by type and status", function* (simulator) {
    const jobId = simulator.addJob({ jobType: "upscale", ageMs: 60_000 })
    simulator.addJob({ jobType: "custom", ageMs: 60_000 })
    const list = yield* JobList
    const jobs = yield* Stream.runCollect(list.list({ types: ["upscale", "reframe"], status: "success" }))
    assert.deepStrictEqual(
      jobs.map((job) => job.jobId),
      [jobId],
    )
    assert.deepStrictEqual(listQueries(simulator)[0], {
      types: "upscale,reframe",
      status: "success",
      pageSize: "50",
    })
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("continues over all pages", function* (simulator) {
    for (let ageMs = 1; ageMs <= 7; ageMs++) simulator.addJob({ ageMs })
    const list = yield* JobList
    assert.strictEqual((yield* Stream.runCollect(list.list({ pageSize: 3 }))).length, 7)
    assert.strictEqual(simulator.requests().length, 3)
  })
})

describe("usage", () => {
  simulatedTest("is reported for a date range", function* (simulator) {
    const usage = yield* Usage
    const report = yield* usage.get({ startDate: "2026-01-01", endDate: "2026-05-01", types: ["usages"] })
    assert.strictEqual(report.series[0]?.name, "creative-unit-cost")
    assert.strictEqual(report.consumption[0]?.isApiKey, true)
    assert.deepStrictEqual(listQueries(simulator)[0], {
      startDate: "2026-01-01",
      endDate: "2026-05-01",
      type: "usages",
    })
    assert.deepStrictEqual(simulator.violations(), [])
  })

  simulatedTest("rejects date ranges that the API does not accept", function* (simulator) {
    const usage = yield* Usage
    yield* expectFailure(usage.get({ startDate: "2026-01-01", endDate: "2026-05-02" }), "InvalidInput")
    yield* expectFailure(usage.get({ startDate: "2026-01-02", endDate: "2026-01-01" }), "InvalidInput")
    yield* expectFailure(usage.get({ startDate: "2026-01-02" }), "InvalidInput")
    yield* expectFailure(usage.get({ startDate: "soon", endDate: "later" }), "InvalidInput")
    yield* expectFailure(usage.get({ activityOffset: -1 }), "InvalidInput")
    assert.deepStrictEqual(simulator.requests(), [])
  })
})
