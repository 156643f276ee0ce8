import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { DurationHistory } from "../src/durations/DurationHistory.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { simulate, simulatedTest } from "./support/simulation.ts"

/** The duration of each job in a fleet: 5 to 65 seconds. */
const getDuration = (index: number): number => 5_000 + ((index * 7_919) % 60_000)

const addFleet = (simulator: Simulator, count: number, othersBetween = 0): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => {
    for (let other = 0; other < othersBetween; other++) {
      simulator.addJob({ durationMs: 600_000, authorId: "user_other" })
    }
    return simulator.addJob({ durationMs: getDuration(index), authorId: "user_ours", assetIds: ["asset_1"] })
  })

/** Waits for jobs that were just submitted. Returns how long after its end each wait ended, in ascending milliseconds. */
const measureDelays = Effect.fnUntraced(function* (simulator: Simulator, jobIds: ReadonlyArray<string>) {
  const jobs = yield* Jobs
  const submittedAt = new Date(simulator.now()).toISOString()
  const begunAt = yield* Clock.currentTimeMillis
  const delays = yield* Effect.forEach(
    jobIds,
    (jobId, index) =>
      Effect.gen(function* () {
        yield* jobs.waitFor({ jobId, submittedAt, modelId: "model_flux-1-dev" })
        return (yield* Clock.currentTimeMillis) - begunAt - getDuration(index)
      }),
    { concurrency: "unbounded" },
  )
  return delays.toSorted((a, b) => a - b)
})

const getQuantile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0

const getRefused = (simulator: Simulator) => simulator.requests().filter(({ status }) => status === 429)
const getListRequests = (simulator: Simulator) =>
  simulator.requests().filter(({ path }) => path.endsWith("/jobs"))

describe("a fleet of waits", () => {
  simulatedTest(
    "notices the ends of 1,000 jobs within seconds, with at most 200 requests",
    { requestsPerMinute: 100 },
    function* (simulator) {
      const delays = yield* measureDelays(simulator, addFleet(simulator, 1_000))
      assert.isAtMost(getQuantile(delays, 0.95), 8_000)
      assert.isAtMost(getQuantile(delays, 1), 3 * getQuantile(delays, 0.95))
      assert.isAtMost(simulator.requests().length, 200)
      assert.deepStrictEqual(getRefused(simulator), [])
    },
  )

  simulatedTest("notices the end of a quick job long before the others are due", function* (simulator) {
    const history = yield* DurationHistory
    const past = (totalMs: number) => Array.from({ length: 10 }, () => ({ totalMs, runMs: 0, isOwn: true }))
    history.import({
      version: 1,
      models: [
        { key: "model_quick", jobs: past(40_000) },
        { key: "model_slow", jobs: past(600_000) },
      ],
    })
    const jobs = yield* Jobs
    const wait = (modelId: string, durationMs: number) =>
      jobs.waitFor({
        jobId: simulator.addJob({ durationMs, modelId, assetIds: ["asset_1"] }),
        submittedAt: new Date(simulator.now()).toISOString(),
        modelId,
      })
    for (let other = 0; other < 8; other++) yield* Effect.forkChild(wait("model_slow", 600_000))
    const begunAt = yield* Clock.currentTimeMillis
    yield* wait("model_quick", 30_000)
    assert.isAtMost((yield* Clock.currentTimeMillis) - begunAt - 30_000, 5_000)
  })

  simulatedTest(
    "is as fast if the list contains jobs of other users",
    { requestsPerMinute: 100 },
    function* (simulator) {
      const delays = yield* measureDelays(simulator, addFleet(simulator, 300, 2))
      assert.isAtMost(getQuantile(delays, 0.95), 8_000)
      assert.deepStrictEqual(getRefused(simulator), [])
    },
  )

  simulatedTest(
    "finds every job on pages that shift while they are read",
    { requestsPerMinute: 100 },
    function* (simulator) {
      simulator.faults.rate("shifting-pages", 0.5, { items: 7 })
      simulator.faults.rate("shifting-pages", 0.5, { items: -7 })
      const delays = yield* measureDelays(simulator, addFleet(simulator, 500))
      assert.isAtMost(getQuantile(delays, 0.95), 12_000)
      assert.isAtMost(getQuantile(delays, 1), 36_000)
    },
  )

  it.effect("reads pages in sequence if each token works only once", () => {
    const live = new Map<string, string>()
    const fetchOnce: typeof globalThis.fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      const given = url.searchParams.get("paginationToken")
      const token = live.get(given ?? "")
      if (given !== null && token === undefined) {
        return Response.json({ reason: "Invalid pagination token" }, { status: 400 })
      }
      live.delete(given ?? "")
      if (token !== undefined) url.searchParams.set("paginationToken", token)
      const response = await globalThis.fetch(url, init)
      if (!url.pathname.endsWith("/jobs")) return response
      const text = await response.text()
      const next = /"nextPaginationToken":"([^"]+)"/.exec(text)?.[1]
      if (next === undefined) return new Response(text, response)
      issued += 1
      live.set(`once-${issued}`, next)
      return new Response(text.replace(next, `once-${issued}`), response)
    }
    let issued = 0
    return simulate({ fetch: fetchOnce }, function* (simulator) {
      const delays = yield* measureDelays(simulator, addFleet(simulator, 500))
      assert.isAtMost(getQuantile(delays, 1), 40_000)
    })
  })

  simulatedTest("ends if the list repeats a token", function* (simulator) {
    simulator.faults.rate("repeated-cursor", 1)
    const delays = yield* measureDelays(simulator, addFleet(simulator, 250))
    assert.isAtMost(getQuantile(delays, 1), 60_000)
  })

  simulatedTest("polls each job by itself if the list can't be read", function* (simulator) {
    simulator.faults.rate("server-error", 1, { path: /\/jobs$/ })
    const delays = yield* measureDelays(simulator, addFleet(simulator, 30))
    assert.isAtMost(getQuantile(delays, 1), 45_000)
    assert.isAtMost(getListRequests(simulator).length, 12)
  })

  simulatedTest.each([502, 500, 413])(
    "requests shorter pages if long ones get a %d",
    { requestsPerMinute: 100 },
    function* (simulator, status) {
      simulator.faults.rate("large-page", 1, { maxRows: 40, status })
      const delays = yield* measureDelays(simulator, addFleet(simulator, 300))
      assert.isAtMost(getQuantile(delays, 0.95), 12_000)
      assert.isAtMost(simulator.requests().length, 150)
      assert.isAtMost(simulator.requests().filter((request) => request.status === status).length, 8)
    },
  )

  simulatedTest(
    "polls a job by itself if the list shows its success without a result",
    function* (simulator) {
      simulator.faults.rate("bare-success", 1)
      const jobIds = addFleet(simulator, 30)
      const jobs = yield* Jobs
      const finished = yield* Effect.forEach(jobIds, (jobId) => jobs.waitFor(jobId), {
        concurrency: "unbounded",
      })
      for (const { assetIds } of finished) assert.deepStrictEqual(assetIds, ["asset_1"])
      assert.isAbove(getListRequests(simulator).length, 0)
    },
  )

  simulatedTest(
    "of plain IDs reads each page of the list only once at first",
    { requestsPerMinute: 10_000 },
    function* (simulator) {
      const jobIds = addFleet(simulator, 1_500)
      const jobs = yield* Jobs
      const begunAt = yield* Clock.currentTimeMillis
      const waiting = yield* Effect.forkChild(
        Effect.forEach(jobIds, (jobId) => jobs.waitFor(jobId, { timeout: "3 minutes" }), {
          concurrency: "unbounded",
        }),
      )
      yield* Effect.sleep("5 seconds")
      const tokens = getListRequests(simulator)
        .filter(({ at }) => at < begunAt + 5_000)
        .map(({ query }) => query["paginationToken"])
      assert.isAtLeast(new Set(tokens).size, 1_500 / 200)
      assert.isAtMost(tokens.length, 15)
      for (const { assetIds } of yield* Fiber.join(waiting)) assert.deepStrictEqual(assetIds, ["asset_1"])
    },
  )

  simulatedTest("survives an outage with few requests", function* (simulator) {
    simulator.faults.rate("unavailable", 1)
    yield* Effect.forkChild(
      Effect.andThen(
        Effect.sleep("90 seconds"),
        Effect.sync(() => simulator.faults.clear()),
      ),
    )
    const delays = yield* measureDelays(simulator, addFleet(simulator, 100))
    assert.isAtMost(getQuantile(delays, 1), 125_000)
    assert.isAtMost(simulator.requests().filter(({ status }) => status === 503).length, 20)
  })

  simulatedTest("continues the other waits when one is interrupted", function* (simulator) {
    const jobIds = addFleet(simulator, 20)
    const jobs = yield* Jobs
    const waiting = yield* Effect.forEach(jobIds, (jobId) => Effect.forkChild(jobs.waitFor(jobId)))
    yield* Effect.sleep("3 seconds")
    const [first, ...others] = waiting
    if (first !== undefined) yield* Fiber.interrupt(first)
    const finished = yield* Effect.forEach(others, Fiber.join)
    assert.deepStrictEqual(
      finished.map(({ job }) => job.jobId),
      jobIds.slice(1),
    )
    const requests = simulator.requests().length
    yield* Effect.sleep("2 minutes")
    assert.strictEqual(simulator.requests().length, requests)
  })

  simulatedTest(
    "notices the end of an old job while many newer ones end",
    { requestsPerMinute: 100 },
    function* (simulator) {
      const old = simulator.addJob({ ageMs: 3_600_000, durationMs: 3_600_000 + 40_000 })
      const fleet = addFleet(simulator, 300)
      const jobs = yield* Jobs
      const begunAt = yield* Clock.currentTimeMillis
      const waiting = yield* Effect.forkChild(Effect.andThen(jobs.waitFor(old), Clock.currentTimeMillis))
      yield* measureDelays(simulator, fleet)
      assert.isAtMost((yield* Fiber.join(waiting)) - begunAt, 75_000)
    },
  )

  simulatedTest("ends every wait at its own deadline", { requestsPerMinute: 100 }, function* (simulator) {
    const jobIds = Array.from({ length: 150 }, () => simulator.addJob({ durationMs: 900_000 }))
    const jobs = yield* Jobs
    const errors = yield* Effect.forEach(
      jobIds,
      (jobId) => expectFailure(jobs.waitFor(jobId, { timeout: "20 seconds" }), "WaitTimedOut"),
      { concurrency: "unbounded" },
    )
    for (const error of errors) {
      assert.isAtMost(error.waitedMs, 21_000)
      assert.isAtLeast(error.waitedMs, 20_000)
    }
  })
})
