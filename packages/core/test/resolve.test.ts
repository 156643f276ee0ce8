import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Assets, type ResolveOptions } from "../src/resolve/Assets.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { simulatedTest } from "./support/simulation.ts"

const resolve = (assetIds: ReadonlyArray<string>, options?: ResolveOptions) =>
  Assets.use((assets) => assets.resolve({ job: { jobId: "job_1" }, assetIds }, options))

const addAssets = (simulator: Simulator, count: number) =>
  Array.from({ length: count }, (_, index) => simulator.addAsset({ name: `image ${index}` }))

describe("Assets", () => {
  simulatedTest("combines 500 concurrent calls into three requests", function* (simulator) {
    const assetIds = addAssets(simulator, 500)
    const assets = yield* Assets
    const got = yield* Effect.forEach(assetIds, (assetId) => assets.get(assetId), {
      concurrency: "unbounded",
    })
    assert.deepStrictEqual(
      got.map((asset) => asset.assetId),
      assetIds,
    )
    assert.strictEqual(simulator.requests().length, 3)
  })

  simulatedTest("reads a single asset with GET /assets/{id}", function* (simulator) {
    const [assetId = ""] = addAssets(simulator, 1)
    const asset = yield* Assets.use((assets) => assets.get(assetId))
    assert.match(asset.url, /^http/)
    assert.deepStrictEqual(
      simulator.requests().map((request) => `${request.method} ${request.path}`),
      [`GET /v1/assets/${assetId}`],
    )
  })

  simulatedTest("reports the ID of an unknown asset", function* () {
    const error = yield* expectApiError(
      Assets.use((assets) => assets.get("asset_unknown")),
      "NotFound",
    )
    assert.include(error.message, "asset_unknown")
  })

  simulatedTest.each(["shuffled-bulk", "missing-in-bulk"] as const)(
    "keeps the job's order after %s",
    function* (simulator, fault) {
      const assetIds = addAssets(simulator, 5)
      simulator.faults.next(fault)
      const got = yield* resolve(assetIds)
      assert.deepStrictEqual(
        got.map((asset) => asset.assetId),
        assetIds,
      )
    },
  )

  simulatedTest("returns an asset twice if the job names it twice", function* (simulator) {
    const [assetId = ""] = addAssets(simulator, 1)
    assert.strictEqual((yield* resolve([assetId, assetId])).length, 2)
  })

  simulatedTest("waits for a pending asset", function* (simulator) {
    const assetId = simulator.addAsset({ readyAfterMs: 20_000 })
    const [asset] = yield* resolve([assetId])
    assert.strictEqual(asset?.status, "success")
  })

  simulatedTest("fails at its timeout with the IDs of the missing assets", function* (simulator) {
    const [here = ""] = addAssets(simulator, 1)
    const late = simulator.addAsset({ readyAfterMs: 600_000 })
    const error = yield* expectFailure(
      resolve([here, late, "asset_gone"], { timeout: "30 seconds" }),
      "AssetsMissing",
    )
    assert.deepStrictEqual(error.assetIds, [late, "asset_gone"])
    assert.strictEqual(error.job?.jobId, "job_1")
  })

  simulatedTest("repeats a batch after a temporary failure", function* (simulator) {
    simulator.faults.next("bad-gateway-html", { path: "get-bulk", times: 2 })
    assert.strictEqual((yield* resolve(addAssets(simulator, 3))).length, 3)
  })

  simulatedTest("sends no request for a job without assets", function* (simulator) {
    assert.deepStrictEqual(yield* resolve([]), [])
    assert.strictEqual(simulator.requests().length, 0)
  })
})
