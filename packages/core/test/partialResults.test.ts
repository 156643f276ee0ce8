import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { saveAll } from "../src/deliver/node/save.ts"
import { Assets, type ResolveOptions } from "../src/resolve/Assets.ts"
import { SettableClock } from "./support/SettableClock.ts"
import { simulate } from "./support/simulation.ts"

const resolve = (assetIds: ReadonlyArray<string>, options?: ResolveOptions) =>
  Assets.use((assets) => assets.resolve({ job: { jobId: "job_1" }, assetIds }, options))

const findMissing = (assetIds: ReadonlyArray<string>, options?: ResolveOptions) =>
  Effect.flip(resolve(assetIds, options)).pipe(
    Effect.map((error) => {
      assert.strictEqual(error._tag, "AssetsMissing", error.message)
      if (error._tag !== "AssetsMissing") throw error
      return error
    }),
  )

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "scenario-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
)

describe("when one of four assets is missing, the error carries the three others", () => {
  it.effect("and says that asking again can't help if it was deleted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const here = [simulator.addAsset(), simulator.addAsset(), simulator.addAsset()]
        const error = yield* findMissing([...here, "asset_gone"])
        assert.deepStrictEqual(
          error.assets.map(({ assetId }) => assetId),
          here,
        )
        assert.deepStrictEqual(error.assetIds, ["asset_gone"])
        assert.isFalse(error.isRetryable)
        assert.include(error.message, "not known to Scenario")
      }),
    ),
  )

  it.effect("and says that asking again can help if it is pending", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const here = [simulator.addAsset(), simulator.addAsset(), simulator.addAsset()]
        const late = simulator.addAsset({ readyAfterMs: 600_000 })
        const error = yield* findMissing([late, ...here], { timeout: "20 seconds" })
        assert.strictEqual(error.assets.length, 3)
        assert.isTrue(error.isRetryable)
        assert.include(error.message, "still pending")
      }),
    ),
  )

  it.effect("and says that asking again can help if the API failed for it", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const [first = "", bad = "", ...more] = Array.from({ length: 4 }, () => simulator.addAsset())
        // The batch leaves out its second asset, which then is read by itself.
        simulator.faults.rate("missing-in-bulk", 1)
        simulator.faults.rate("server-error", 1, { path: `/assets/${bad}` })
        const error = yield* findMissing([first, bad, ...more], { timeout: "10 minutes" })
        assert.deepStrictEqual(
          error.assets.map(({ assetId }) => assetId),
          [first, ...more],
        )
        assert.deepStrictEqual(error.assetIds, [bad])
        assert.isTrue(error.isRetryable)
      }),
    ),
  )
})

describe("a resolve", () => {
  it.effect("finds one bad id among two hundred by halving", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
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
      }),
    ),
  )

  it.effect("reads assets one by one if the API refuses batches altogether", () =>
    simulate({ settings: { requestsPerMinute: 1_000 } }, (simulator) =>
      Effect.gen(function* () {
        const assetIds = Array.from({ length: 100 }, () => simulator.addAsset())
        simulator.faults.rate("forbidden", 1, { path: "get-bulk" })
        assert.strictEqual((yield* resolve(assetIds)).length, 100)
        assert.isAtMost(simulator.requests().length, 110)
      }),
    ),
  )

  it.effect("lasts no longer when the machine's clock is set back by an hour", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, (simulator) =>
      Effect.gen(function* () {
        const late = simulator.addAsset({ readyAfterMs: 30 * 60_000 })
        const begun = simulator.now()
        yield* Effect.forkChild(
          Effect.andThen(
            Effect.sleep("5 seconds"),
            Effect.sync(() => clock.setBy(-3_600_000)),
          ),
        )
        yield* findMissing([late], { timeout: "1 minute" })
        assert.approximately(simulator.now() - begun, 60_000, 10_000)
      }),
    )
  })

  it.effect("ends at its deadline while the API does not answer", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const assetId = simulator.addAsset()
        simulator.faults.rate("hang", 1)
        const begun = simulator.now()
        const error = yield* Effect.flip(resolve([assetId], { timeout: "20 seconds" }))
        assert.strictEqual(error._tag === "ApiError" && error.reason._tag, "Unreachable")
        assert.approximately(simulator.now() - begun, 20_000, 3_000)
      }),
    ),
  )
})

describe("saveAll", () => {
  it.effect("saves the others when one fails, and its error carries them", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const assetIds = Array.from({ length: 4 }, () => simulator.addAsset())
        const assets = yield* resolve(assetIds)
        const [, bad] = assets
        simulator.faults.rate("server-error", 1, { origin: "cdn", path: bad?.assetId })
        const error = yield* Effect.flip(saveAll(assets, path))
        assert.strictEqual(error._tag, "FilesNotSaved", error.message)
        if (error._tag !== "FilesNotSaved") return
        assert.deepStrictEqual(
          error.saved.map(({ assetId }) => assetId),
          assetIds.filter((assetId) => assetId !== bad?.assetId),
        )
        assert.deepStrictEqual(
          error.failures.map(({ assetId }) => assetId),
          [bad?.assetId],
        )
        assert.isTrue(error.isRetryable)
        assert.strictEqual((yield* Effect.promise(() => readdir(path))).length, 3)
      }),
    ),
  )

  it.effect("fails as the file did if none was saved", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const path = yield* folder
        const assets = yield* resolve([simulator.addAsset(), simulator.addAsset()])
        simulator.faults.rate("server-error", 1, { origin: "cdn" })
        assert.strictEqual((yield* Effect.flip(saveAll(assets, path)))._tag, "DownloadFailed")
      }),
    ),
  )
})
