import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { listNewAssets, listNewJobs } from "../src/account/newItems.ts"
import { simulatedTest } from "./support/simulation.ts"

const day = 86_400_000

describe("listNewJobs", () => {
  simulatedTest("needs two requests and a small cursor while one job runs for days", function* (simulator) {
    const waiting = simulator.addJob({ durationMs: 3 * day, assetIds: ["asset_1"] })
    const first = yield* listNewJobs(undefined)
    yield* Effect.promise(() => simulator.advance(3_600_000))
    for (let job = 0; job < 600; job++) {
      simulator.addJob({ ageMs: (job + 1) * 5_000, durationMs: 1_000, assetIds: ["asset_2"] })
    }
    const second = yield* listNewJobs(first.cursor)
    assert.lengthOf(second.items, 600)
    const before = simulator.requests().length
    const third = yield* listNewJobs(second.cursor)
    assert.deepStrictEqual(third.items, [])
    assert.isAtMost(simulator.requests().length - before, 2)
    assert.isBelow(JSON.stringify(third.cursor).length, 4_000)
    yield* Effect.promise(() => simulator.advance(3 * day))
    const last = yield* listNewJobs(third.cursor)
    assert.deepStrictEqual(
      last.items.map(({ jobId }) => jobId),
      [waiting],
    )
    assert.deepStrictEqual((yield* listNewJobs(last.cursor)).items, [])
  })

  simulatedTest("reports only generations, unless job types are given", function* (simulator) {
    const { cursor } = yield* listNewJobs(undefined)
    const { cursor: uploads } = yield* listNewJobs(undefined, { types: ["upload"] })
    const generation = simulator.addJob({ ageMs: 20_000, assetIds: ["asset_1"] })
    const upload = simulator.addJob({ jobType: "upload", ageMs: 20_000, assetIds: ["asset_2"] })
    const all = yield* listNewJobs(cursor)
    const named = yield* listNewJobs(uploads, { types: ["upload"] })
    assert.deepStrictEqual(
      [all.items, named.items].map((items) => items.map(({ jobId }) => jobId)),
      [[generation], [upload]],
    )
  })

  simulatedTest(
    "reads a job by itself if the list shows its success without a result",
    function* (simulator) {
      const { cursor } = yield* listNewJobs(undefined)
      simulator.faults.rate("bare-success", 1)
      for (let job = 0; job < 7; job++) simulator.addJob({ ageMs: 20_000 - job, assetIds: ["asset_1"] })
      const first = yield* listNewJobs(cursor)
      const second = yield* listNewJobs(first.cursor)
      const third = yield* listNewJobs(second.cursor)
      const items = [...first.items, ...second.items]
      assert.lengthOf(new Set(items.map(({ jobId }) => jobId)), 7)
      for (const { assetIds } of items) assert.deepStrictEqual(assetIds, ["asset_1"])
      assert.deepStrictEqual(third.items, [])
    },
  )

  simulatedTest("starts again if the stored cursor is invalid", function* (simulator) {
    simulator.addJob({ ageMs: 20_000, assetIds: ["asset_1"] })
    const next = yield* listNewJobs({ since: "never", seenIds: [], late: [] })
    assert.deepStrictEqual(next.items, [])
    assert.isFalse(Number.isNaN(Date.parse(next.cursor.since)))
  })

  simulatedTest("forgets a late job that was deleted", function* (simulator) {
    const { cursor } = yield* listNewJobs(undefined)
    const late = [{ id: "job_deleted", createdAt: new Date(simulator.now()).toISOString() }]
    const next = yield* listNewJobs({ ...cursor, late })
    assert.deepStrictEqual(next.cursor.late, [])
  })

  simulatedTest("reads shorter pages if long ones fail", function* (simulator) {
    const { cursor } = yield* listNewJobs(undefined)
    simulator.faults.rate("large-page", 1, { maxRows: 40 })
    for (let job = 0; job < 90; job++) simulator.addJob({ ageMs: 20_000 - job, assetIds: ["asset_1"] })
    assert.lengthOf((yield* listNewJobs(cursor)).items, 90)
    const before = simulator.requests().filter(({ status }) => status === 502).length
    assert.isAtMost(before, 3)
    yield* listNewJobs(cursor)
    assert.lengthOf(
      simulator.requests().filter(({ status }) => status === 502),
      before,
    )
  })
})

describe("listNewAssets", () => {
  simulatedTest("reads all pending assets with one request", function* (simulator) {
    for (let asset = 0; asset < 10; asset++) simulator.addAsset({ readyAfterMs: 3_600_000 })
    const first = yield* listNewAssets(undefined)
    yield* Effect.promise(() => simulator.advance(600_000))
    simulator.addAsset()
    const second = yield* listNewAssets(first.cursor)
    assert.lengthOf(second.items, 1)
    yield* Effect.promise(() => simulator.advance(3_600_000))
    const before = simulator.requests().length
    const third = yield* listNewAssets(second.cursor)
    assert.lengthOf(third.items, 10)
    assert.strictEqual(simulator.requests().length - before, 2)
  })
})
