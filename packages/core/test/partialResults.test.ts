import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { saveAll } from "../src/deliver/node/save.ts"
import { Assets, type ResolveOptions } from "../src/resolve/Assets.ts"
import { expectApiError, expectFailure } from "./support/expectFailure.ts"
import { listNames, temporaryFolder } from "./support/files.ts"
import { SettableClock } from "./support/SettableClock.ts"
import { simulate, simulatedTest } from "./support/simulation.ts"

const resolve = (assetIds: ReadonlyArray<string>, options?: ResolveOptions) =>
  Assets.use((assets) => assets.resolve({ job: { jobId: "job_1" }, assetIds }, options))

const getMissing = (assetIds: ReadonlyArray<string>, options?: ResolveOptions) =>
  expectFailure(resolve(assetIds, options), "AssetsMissing")

describe("AssetsMissing for one of four assets", () => {
  simulatedTest("carries the others, and is not retryable if the asset was deleted", function* (simulator) {
    const here = [simulator.addAsset(), simulator.addAsset(), simulator.addAsset()]
    const error = yield* getMissing([...here, "asset_gone"])
    assert.deepStrictEqual(
      error.assets.map(({ assetId }) => assetId),
      here,
    )
    assert.deepStrictEqual(error.assetIds, ["asset_gone"])
    assert.isFalse(error.isRetryable)
    assert.include(error.message, "not known to Scenario")
  })

  simulatedTest("carries the others, and is retryable if the asset is pending", function* (simulator) {
    const here = [simulator.addAsset(), simulator.addAsset(), simulator.addAsset()]
    const late = simulator.addAsset({ readyAfterMs: 600_000 })
    const error = yield* getMissing([late, ...here], { timeout: "20 seconds" })
    assert.strictEqual(error.assets.length, 3)
    assert.isTrue(error.isRetryable)
    assert.include(error.message, "still pending")
  })

  simulatedTest(
    "carries the others, and is retryable if the API failed for the asset",
    function* (simulator) {
      const [first = "", bad = "", ...more] = Array.from({ length: 4 }, () => simulator.addAsset())
      // The batch lacks its second asset, which is then read by itself.
      simulator.faults.rate("missing-in-bulk", 1)
      simulator.faults.rate("server-error", 1, { path: `/assets/${bad}` })
      const error = yield* getMissing([first, bad, ...more], { timeout: "10 minutes" })
      assert.deepStrictEqual(
        error.assets.map(({ assetId }) => assetId),
        [first, ...more],
      )
      assert.deepStrictEqual(error.assetIds, [bad])
      assert.isTrue(error.isRetryable)
    },
  )
})

describe("a resolve", () => {
  simulatedTest("finds one bad ID among 200 by halving the batch", function* (simulator) {
    const assetIds = Array.from({ length: 199 }, () => simulator.addAsset())
    assetIds.splice(77, 0, "asset_gone")
    simulator.faults.rate("strict-bulk", 1)
    const assets = yield* Assets
    const got = yield* Effect.forEach(assetIds, (assetId) => Effect.result(assets.get(assetId)), {
      concurrency: "unbounded",
    })
    assert.deepStrictEqual(
      got.flatMap(({ _tag }, index) => (_tag === "Failure" ? [index] : [])),
      [77],
    )
    assert.isAtMost(simulator.requests().length, 17)
  })

  simulatedTest(
    "reads assets one by one if the API rejects all batches",
    { settings: { requestsPerMinute: 1_000 } },
    function* (simulator) {
      const assetIds = Array.from({ length: 100 }, () => simulator.addAsset())
      simulator.faults.rate("forbidden", 1, { path: "get-bulk" })
      assert.strictEqual((yield* resolve(assetIds)).length, 100)
      assert.isAtMost(simulator.requests().length, 110)
    },
  )

  it.effect("ends at its timeout when the machine's clock is set back by an hour", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, function* (simulator) {
      const late = simulator.addAsset({ readyAfterMs: 30 * 60_000 })
      const begun = simulator.now()
      yield* Effect.forkChild(
        Effect.andThen(
          Effect.sleep("5 seconds"),
          Effect.sync(() => clock.setBy(-3_600_000)),
        ),
      )
      yield* getMissing([late], { timeout: "1 minute" })
      assert.approximately(simulator.now() - begun, 60_000, 10_000)
    })
  })

  simulatedTest("ends at its timeout while the API does not respond", function* (simulator) {
    const assetId = simulator.addAsset()
    simulator.faults.rate("hang", 1)
    const begun = simulator.now()
    yield* expectApiError(resolve([assetId], { timeout: "20 seconds" }), "Unreachable")
    assert.approximately(simulator.now() - begun, 20_000, 3_000)
  })
})

describe("saveAll", () => {
  simulatedTest("saves the other files if one fails, and reports them in the error", function* (simulator) {
    const path = yield* temporaryFolder
    const assetIds = Array.from({ length: 4 }, () => simulator.addAsset())
    const assets = yield* resolve(assetIds)
    const [, bad] = assets
    simulator.faults.rate("server-error", 1, { origin: "cdn", path: bad?.assetId })
    const error = yield* expectFailure(saveAll(assets, path), "FilesNotSaved")
    assert.deepStrictEqual(
      error.saved.map(({ assetId }) => assetId),
      assetIds.filter((assetId) => assetId !== bad?.assetId),
    )
    assert.deepStrictEqual(
      error.failures.map(({ assetId }) => assetId),
      [bad?.assetId],
    )
    assert.isTrue(error.isRetryable)
    assert.strictEqual((yield* listNames(path)).length, 3)
  })

  simulatedTest("fails with the file's error if no file was saved", function* (simulator) {
    const path = yield* temporaryFolder
    const assets = yield* resolve([simulator.addAsset(), simulator.addAsset()])
    simulator.faults.rate("server-error", 1, { origin: "cdn" })
    yield* expectFailure(saveAll(assets, path), "DownloadFailed")
  })
})
