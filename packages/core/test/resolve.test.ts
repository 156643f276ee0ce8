import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Assets, type ResolveOptions } from "../src/resolve/Assets.ts"
import { simulate } from "./support/simulation.ts"

const resolve = (assetIds: ReadonlyArray<string>, options?: ResolveOptions) =>
  Assets.use((assets) => assets.resolve({ job: { jobId: "job_1" }, assetIds }, options))

const some = (simulator: Simulator, count: number) =>
  Array.from({ length: count }, (_, index) => simulator.addAsset({ name: `picture ${index}` }))

describe("Assets", () => {
  it.effect("answers five hundred concurrent calls by three requests", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const assetIds = some(simulator, 500)
        const assets = yield* Assets
        const got = yield* Effect.forEach(assetIds, (assetId) => assets.get(assetId), {
          concurrency: "unbounded",
        })
        assert.deepStrictEqual(
          got.map((asset) => asset.assetId),
          assetIds,
        )
        assert.strictEqual(simulator.requests().length, 3)
      }),
    ),
  )

  it.effect("asks for one asset by the documented endpoint", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const [assetId = ""] = some(simulator, 1)
        const asset = yield* Assets.use((assets) => assets.get(assetId))
        assert.match(asset.url, /^http/)
        assert.deepStrictEqual(
          simulator.requests().map((request) => `${request.method} ${request.path}`),
          [`GET /v1/assets/${assetId}`],
        )
      }),
    ),
  )

  it.effect("names an asset that Scenario does not know", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Assets.use((assets) => assets.get("asset_unknown")))
        assert.strictEqual(error._tag === "ApiError" && error.reason._tag, "NotFound")
        assert.include(error.message, "asset_unknown")
      }),
    ),
  )

  it.effect.each(["shuffled-bulk", "missing-in-bulk"] as const)("keeps the job's order through %s", (fault) =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const assetIds = some(simulator, 5)
        simulator.faults.next(fault)
        const got = yield* resolve(assetIds)
        assert.deepStrictEqual(
          got.map((asset) => asset.assetId),
          assetIds,
        )
      }),
    ),
  )

  it.effect("gives an asset twice that a job names twice", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const [assetId = ""] = some(simulator, 1)
        assert.strictEqual((yield* resolve([assetId, assetId])).length, 2)
      }),
    ),
  )

  it.effect("waits for an asset that is still pending", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const assetId = simulator.addAsset({ readyAfterMs: 20_000 })
        const [asset] = yield* resolve([assetId])
        assert.strictEqual(asset?.status, "success")
      }),
    ),
  )

  it.effect("does not wait for ever, and names what is missing", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const [here = ""] = some(simulator, 1)
        const late = simulator.addAsset({ readyAfterMs: 600_000 })
        const error = yield* Effect.flip(resolve([here, late, "asset_gone"], { timeout: "30 seconds" }))
        assert.strictEqual(error._tag, "AssetsMissing")
        if (error._tag !== "AssetsMissing") return
        assert.deepStrictEqual(error.assetIds, [late, "asset_gone"])
        assert.strictEqual(error.job?.jobId, "job_1")
      }),
    ),
  )

  it.effect("repeats a batch that failed for a passing reason", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.next("bad-gateway-html", { path: "get-bulk", times: 2 })
        assert.strictEqual((yield* resolve(some(simulator, 3))).length, 3)
      }),
    ),
  )

  it.effect("has nothing to do for a job without assets", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* resolve([]), [])
        assert.strictEqual(simulator.requests().length, 0)
      }),
    ),
  )
})
