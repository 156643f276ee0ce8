import { assert, describe } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { isGeneration, listFinishedGenerations } from "../src/account/finishedGenerations.ts"
import { readRecent } from "../src/account/recentItems.ts"
import { simulatedTest } from "./support/simulation.ts"

const minute = 60_000
const hour = 60 * minute
const getIds = (jobs: ReadonlyArray<{ readonly jobId: string }>) => jobs.map(({ jobId }) => jobId)
const countListRequests = (simulator: Simulator) =>
  simulator.requests().filter(({ path }) => path.endsWith("/v1/jobs")).length
const asset = { assetIds: ["asset_1"] }

describe("listFinishedGenerations", () => {
  simulatedTest("lists a video first that ended after 300 newer images", function* (simulator) {
    const video = simulator.addJob({ ageMs: 3 * hour, durationMs: 3 * hour - 1_000, ...asset })
    for (let index = 0; index < 300; index++) simulator.addJob({ ageMs: minute + index * 10, ...asset })
    const ended = getIds(yield* listFinishedGenerations())
    assert.strictEqual(ended[0], video)
    assert.strictEqual(new Set(ended).size, 301)
    assert.strictEqual(countListRequests(simulator), 2)
  })

  simulatedTest("reads jobs of the last 24 hours only", function* (simulator) {
    const old = simulator.addJob({ ageMs: 24 * hour + minute, ...asset })
    for (let index = 0; index < 500; index++) {
      simulator.addJob({ ageMs: 25 * hour + index * 1_000, ...asset })
    }
    const recent = simulator.addJob({ ageMs: 24 * hour - minute, ...asset })
    assert.deepStrictEqual(getIds(yield* listFinishedGenerations()), [recent])
    assert.strictEqual(countListRequests(simulator), 1)
    assert.include(getIds(yield* listFinishedGenerations({ maxAge: Infinity })), old)
  })

  simulatedTest("returns the jobs that it has read at its timeout", function* (simulator) {
    for (let index = 0; index < 1_000; index++) simulator.addJob({ ageMs: minute + index * 10, ...asset })
    simulator.faults.rate("slow", 1, { path: "/v1/jobs", delayMs: 6_000 })
    const begunAt = simulator.now()
    assert.lengthOf(yield* listFinishedGenerations(), 400)
    assert.closeTo(simulator.now() - begunAt, 15_000, 1_000)
  })

  simulatedTest(
    "leaves out jobs that aren't generations, are running, or have another outcome",
    function* (simulator) {
      const others = ["upload", "model-import", "model-download", "assets-download", "canvas-export"]
      const trainings = ["model-training", "flux-model-training", "musubi-model-training"]
      const made = ["custom", "inference", "workflow", "upscale", "translate", "future-type"]
      const all = [...others, ...trainings, "mesh-preview-rendering", "embed", ...made]
      for (const jobType of all) simulator.addJob({ jobId: jobType, jobType, ageMs: minute, ...asset })
      simulator.addJob({ ageMs: 1_000, durationMs: minute })
      simulator.addJob({ jobId: "failed", ageMs: minute, status: "failure" })
      assert.sameMembers(getIds(yield* listFinishedGenerations({ outcome: "succeeded" })), made)
      assert.deepStrictEqual(getIds(yield* listFinishedGenerations({ outcome: "failed" })), ["failed"])
      assert.lengthOf(yield* listFinishedGenerations(), made.length + 1)
      assert.isTrue(isGeneration({ jobType: "unknown" }))
    },
  )

  simulatedTest("stops at the limit, and reads past other jobs to reach it", function* (simulator) {
    const wanted = simulator.addJob({ ageMs: 48 * hour, ...asset })
    for (let index = 0; index < 250; index++) simulator.addJob({ jobType: "upload", ageMs: minute + index })
    const found = yield* listFinishedGenerations({ limit: 3, maxAge: Infinity })
    assert.deepStrictEqual(getIds(found), [wanted])
    simulator.reset()
    for (let index = 0; index < 500; index++) simulator.addJob({ ageMs: minute + index, ...asset })
    assert.lengthOf(yield* listFinishedGenerations({ limit: 3 }), 3)
    assert.strictEqual(countListRequests(simulator), 1)
  })

  simulatedTest("reads a recent success without a result again by its ID", function* (simulator) {
    const fresh = simulator.addJob({ ageMs: minute })
    simulator.addJob({ ageMs: hour })
    yield* listFinishedGenerations()
    const single = simulator.requests().filter(({ path }) => path.includes("/jobs/"))
    assert.deepStrictEqual(
      single.map(({ path }) => path),
      [`/v1/jobs/${fresh}`],
    )
  })
})

describe("readRecent", () => {
  simulatedTest("ends at a repeated cursor, and returns the latest version of each item once", function* () {
    let pages = 0
    const items = yield* readRecent({
      readPage: () => Effect.sync(() => ({ items: [{ id: "a", page: ++pages }], nextToken: "again" })),
      getId: ({ id }) => id,
      getCreatedAt: () => undefined,
    })
    assert.deepStrictEqual(items, [{ id: "a", page: 2 }])
  })
})
