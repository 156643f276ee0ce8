import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect, Stream } from "effect"
import { AssetLibrary } from "../src/account/AssetLibrary.ts"
import { Collections } from "../src/account/Collections.ts"
import { JobList } from "../src/account/JobList.ts"
import { Models } from "../src/account/Models.ts"
import { Usage } from "../src/account/Usage.ts"
import { simulate } from "./support/simulation.ts"

const sent = (simulator: Simulator) =>
  simulator.requests().map(({ method, path }) => `${method} ${path.replace("/v1", "")}`)

const queries = (simulator: Simulator) => simulator.requests().map(({ query }) => query)

/** All of these are found before anything is sent. */
const refused = <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.flip(program)

describe("models", () => {
  const names = (models: Iterable<{ readonly modelId: string }>) =>
    Array.from(models, ({ modelId }) => modelId)

  it.effect("are the account's own unless said otherwise", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const own = yield* Stream.runCollect(models.list())
        assert.include(names(own), "model_own-watercolour")
        assert.notInclude(names(own), "model_flux-1-dev")
        const shared = yield* Stream.runCollect(models.list({ privacy: "public" }))
        assert.include(names(shared), "model_flux-1-dev")
        const both = models.list({ privacy: "both" })
        for (const _ of ["once", "and once more"]) {
          assert.deepStrictEqual(names(yield* Stream.runCollect(both)), [...names(own), ...names(shared)])
        }
        assert.deepStrictEqual(queries(simulator)[0], {})
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are filtered by type and tag, by the API where it can", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const [own] = yield* Stream.runCollect(models.list())
        const type = own?.type ?? ""
        assert.isTrue((yield* Stream.runCollect(models.list({ type }))).every((model) => model.type === type))
        const shared = yield* Stream.runCollect(models.list({ privacy: "public", type: "custom" }))
        assert.isAbove(shared.length, 0)
        assert.isTrue(shared.every((model) => model.type === "custom"))
        assert.deepStrictEqual(simulator.requests().at(-1)?.query, { type: "custom" })
        const unready = models.list({ privacy: "both", type: "custom", status: "training" })
        assert.deepStrictEqual(yield* Stream.runCollect(unready), [])
        assert.deepStrictEqual(yield* Stream.runCollect(models.list({ tags: ["of nobody"] })), [])
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are read a page at a time, and no further than they are wanted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const list = models.list({ privacy: "public", pageSize: 2 })
        assert.strictEqual((yield* Stream.runCollect(Stream.take(list, 3))).length, 3)
        assert.strictEqual(simulator.requests().length, 2)
        const all = yield* Stream.runCollect(list)
        assert.strictEqual(new Set(names(all)).size, all.length)
      }),
    ),
  )

  it.effect("come with their inputs, and are remembered for five minutes", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const model = yield* models.get("model_canvas-image-2")
        assert.isTrue(
          model.inputs?.some((input) => input.name === "prompt" && input.required?.always === true),
        )
        yield* models.get("model_canvas-image-2")
        assert.strictEqual(simulator.requests().length, 1)
        yield* models.get("model_canvas-image-2", { fresh: true })
        assert.strictEqual(simulator.requests().length, 2)
        yield* Effect.sleep("6 minutes")
        yield* models.get("model_canvas-image-2")
        assert.strictEqual(simulator.requests().length, 3)
      }),
    ),
  )

  it.effect("of somebody else are looked for among the public ones", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("forbidden", { path: "/models/model_flux-1-dev" })
        const models = yield* Models
        assert.strictEqual((yield* models.get("model_flux-1-dev")).isCustom, false)
        assert.deepStrictEqual(sent(simulator), [
          "GET /models/model_flux-1-dev",
          "GET /models/public/model_flux-1-dev",
        ])
      }),
    ),
  )

  it.effect("that nobody knows are NotFound, and asked for again the next time", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        for (const requests of [2, 4]) {
          const error = yield* Effect.flip(models.get("model_of-nobody"))
          assert.strictEqual(error._tag === "ApiError" && error.reason._tag, "NotFound")
          assert.strictEqual(simulator.requests().length, requests)
        }
      }),
    ),
  )

  it.effect("are had many at once, in the order asked for", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const found = yield* models.getMany(["model_sdxl-base", "model_of-nobody", "model_flux-1-dev"])
        assert.deepStrictEqual(names(found), ["model_sdxl-base", "model_flux-1-dev"])
        assert.deepStrictEqual(sent(simulator), ["POST /models/get-bulk"])
        assert.deepStrictEqual(yield* models.getMany([]), [])
        assert.strictEqual(simulator.requests().length, 1)
      }),
    ),
  )

  it.effect("are searched a page at a time", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const hits = yield* Stream.runCollect(models.search("model", { public: true, pageSize: 5 }))
        assert.isAbove(hits.length, 5)
        assert.strictEqual(new Set(names(hits)).size, hits.length)
        assert.deepStrictEqual(simulator.requests()[1]?.body, {
          query: "model",
          public: true,
          offset: 5,
          limit: 5,
        })
        assert.deepStrictEqual(simulator.violations(), [])
      }),
    ),
  )

  it.effect("are not asked for by wrong arguments", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const models = yield* Models
        const errors = [
          yield* refused(models.get(" ")),
          yield* refused(Stream.runCollect(models.list({ pageSize: 501 }))),
          yield* refused(Stream.runCollect(models.search(""))),
          yield* refused(Stream.runCollect(models.search("a", { pageSize: 0 }))),
          yield* refused(Stream.runCollect(models.list({ createdAfter: "yesterday" }))),
          yield* refused(Stream.runCollect(models.list({ sortBy: "createdAt" }))),
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
          yield* refused(library.delete([])),
          yield* refused(library.addTags("asset_1", [""])),
          yield* refused(library.update("asset_1", {})),
          yield* refused(Stream.runCollect(library.list({ pageSize: 101 }))),
          yield* refused(Stream.runCollect(library.list({ ...created, sortBy: "updatedAt" }))),
          yield* refused(Stream.runCollect(library.list({ ...created, updatedBefore: "2026-02-01" }))),
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
          yield* refused(usage.get({ startDate: "2026-01-01", endDate: "2026-05-02" })),
          yield* refused(usage.get({ startDate: "2026-01-02", endDate: "2026-01-01" })),
          yield* refused(usage.get({ startDate: "2026-01-02" })),
          yield* refused(usage.get({ startDate: "soon", endDate: "later" })),
          yield* refused(usage.get({ activityOffset: -1 })),
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
