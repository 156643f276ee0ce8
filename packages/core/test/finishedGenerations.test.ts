import { assert, describe, it } from "@effect/vitest"
import type { Simulator } from "@scenario-automation/simulator"
import { Effect } from "effect"
import { isGeneration, listFinishedGenerations } from "../src/account/finishedGenerations.ts"
import { readRecent } from "../src/account/recentItems.ts"
import { simulate } from "./support/simulation.ts"

const minute = 60_000
const hour = 60 * minute
const ids = (jobs: ReadonlyArray<{ readonly jobId: string }>) => jobs.map(({ jobId }) => jobId)
const listRequests = (simulator: Simulator) =>
  simulator.requests().filter(({ path }) => path.endsWith("/v1/jobs")).length
const asset = { assetIds: ["asset_1"] }

describe("listFinishedGenerations", () => {
  it.effect("lists a video that ends after 300 newer pictures, and lists it first", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const video = simulator.addJob({ ageMs: 3 * hour, durationMs: 3 * hour - 1_000, ...asset })
        for (let index = 0; index < 300; index++) simulator.addJob({ ageMs: minute + index * 10, ...asset })
        const ended = ids(yield* listFinishedGenerations())
        assert.strictEqual(ended[0], video)
        assert.strictEqual(new Set(ended).size, 301)
        assert.strictEqual(listRequests(simulator), 2)
      }),
    ),
  )

  it.effect("reads until 24 hours back, and not further", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const old = simulator.addJob({ ageMs: 24 * hour + minute, ...asset })
        for (let index = 0; index < 500; index++) {
          simulator.addJob({ ageMs: 25 * hour + index * 1_000, ...asset })
        }
        const recent = simulator.addJob({ ageMs: 24 * hour - minute, ...asset })
        assert.deepStrictEqual(ids(yield* listFinishedGenerations()), [recent])
        assert.strictEqual(listRequests(simulator), 1)
        assert.include(ids(yield* listFinishedGenerations({ maxAge: Infinity })), old)
      }),
    ),
  )

  it.effect("gives what it has read when its time is up", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        for (let index = 0; index < 1_000; index++) simulator.addJob({ ageMs: minute + index * 10, ...asset })
        simulator.faults.rate("slow", 1, { path: "/v1/jobs", delayMs: 6_000 })
        const begunAt = simulator.now()
        assert.lengthOf(yield* listFinishedGenerations(), 400)
        assert.closeTo(simulator.now() - begunAt, 15_000, 1_000)
      }),
    ),
  )

  it.effect("leaves out jobs that make no generation, run, or ended otherwise", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const others = ["upload", "model-import", "model-download", "assets-download", "canvas-export"]
        const trainings = ["model-training", "flux-model-training", "musubi-model-training"]
        const made = ["custom", "inference", "workflow", "upscale", "translate", "of-tomorrow"]
        const all = [...others, ...trainings, "mesh-preview-rendering", "embed", ...made]
        for (const jobType of all) simulator.addJob({ jobId: jobType, jobType, ageMs: minute, ...asset })
        simulator.addJob({ ageMs: 1_000, durationMs: minute })
        simulator.addJob({ jobId: "failed", ageMs: minute, status: "failure" })
        assert.sameMembers(ids(yield* listFinishedGenerations({ outcome: "succeeded" })), made)
        assert.deepStrictEqual(ids(yield* listFinishedGenerations({ outcome: "failed" })), ["failed"])
        assert.lengthOf(yield* listFinishedGenerations(), made.length + 1)
        assert.isTrue(isGeneration({ jobType: "unknown" }))
      }),
    ),
  )

  it.effect("stops at the limit, and reads on for it through jobs of other kinds", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const wanted = simulator.addJob({ ageMs: 48 * hour, ...asset })
        for (let index = 0; index < 250; index++)
          simulator.addJob({ jobType: "upload", ageMs: minute + index })
        const found = yield* listFinishedGenerations({ limit: 3, maxAge: Infinity })
        assert.deepStrictEqual(ids(found), [wanted])
        simulator.reset()
        for (let index = 0; index < 500; index++) simulator.addJob({ ageMs: minute + index, ...asset })
        assert.lengthOf(yield* listFinishedGenerations({ limit: 3 }), 3)
        assert.strictEqual(listRequests(simulator), 1)
      }),
    ),
  )

  it.effect("reads a success without a result once more by itself", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const fresh = simulator.addJob({ ageMs: minute })
        simulator.addJob({ ageMs: hour })
        yield* listFinishedGenerations()
        const single = simulator.requests().filter(({ path }) => path.includes("/jobs/"))
        assert.deepStrictEqual(
          single.map(({ path }) => path),
          [`/v1/jobs/${fresh}`],
        )
      }),
    ),
  )
})

describe("readRecent", () => {
  it.effect("ends at a cursor that comes back, and gives each item once, as it was last read", () =>
    simulate({}, () =>
      Effect.gen(function* () {
        let pages = 0
        const items = yield* readRecent({
          readPage: () => Effect.sync(() => ({ items: [{ id: "a", page: ++pages }], nextToken: "again" })),
          getId: ({ id }) => id,
          getCreatedAt: () => undefined,
        })
        assert.deepStrictEqual(items, [{ id: "a", page: 2 }])
      }),
    ),
  )
})
