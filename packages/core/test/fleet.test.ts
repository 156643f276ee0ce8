import type { Simulator } from "@scenario-automation/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { DurationHistory } from "../src/durations/DurationHistory.ts"
import { Jobs } from "../src/watch/Jobs.ts"
import { simulate } from "./support/simulation.ts"

/** Durations of a fleet, the same every time: 5 to 65 seconds. */
const getDuration = (index: number): number => 5_000 + ((index * 7_919) % 60_000)

const addFleet = (simulator: Simulator, count: number, foreignBetween = 0): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => {
    for (let foreign = 0; foreign < foreignBetween; foreign++) {
      simulator.addJob({ durationMs: 600_000, authorId: "user_other" })
    }
    return simulator.addJob({ durationMs: getDuration(index), authorId: "user_ours", assetIds: ["asset_1"] })
  })

/** Waits for all of them, as if just submitted, and says how long after its end each was seen. Milliseconds, ascending. */
const measureDelays = Effect.fnUntraced(function* (simulator: Simulator, jobIds: ReadonlyArray<string>) {
  const jobs = yield* Jobs
  const submittedAt = new Date(simulator.now()).toISOString()
  const begun = yield* Clock.currentTimeMillis
  const delays = yield* Effect.forEach(
    jobIds,
    (jobId, index) =>
      Effect.gen(function* () {
        yield* jobs.waitFor({ jobId, submittedAt, modelId: "model_flux-1-dev" })
        return (yield* Clock.currentTimeMillis) - begun - getDuration(index)
      }),
    { concurrency: "unbounded" },
  )
  return delays.toSorted((a, b) => a - b)
})

const at = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0

const refused = (simulator: Simulator) => simulator.requests().filter(({ status }) => status === 429)
const lists = (simulator: Simulator) => simulator.requests().filter(({ path }) => path.endsWith("/jobs"))

describe("a fleet of waits", () => {
  it.effect(
    "sees the ends of a thousand jobs within seconds, at a few requests a hundred",
    () =>
      simulate({ requestsPerMinute: 100 }, (simulator) =>
        Effect.gen(function* () {
          const delays = yield* measureDelays(simulator, addFleet(simulator, 1_000))
          assert.isAtMost(at(delays, 0.95), 8_000)
          assert.isAtMost(at(delays, 1), 3 * at(delays, 0.95))
          assert.isAtMost(simulator.requests().length, 200)
          assert.deepStrictEqual(refused(simulator), [])
        }),
      ),
    60_000,
  )

  it.effect("sees one of a few end soon, long before it is time for the others", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        const history = yield* DurationHistory
        const past = (totalMs: number) =>
          Array.from({ length: 10 }, () => ({ totalMs, runMs: 0, isOwn: true }))
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
        const begun = yield* Clock.currentTimeMillis
        yield* wait("model_quick", 30_000)
        assert.isAtMost((yield* Clock.currentTimeMillis) - begun - 30_000, 5_000)
      }),
    ),
  )

  it.effect("is no slower where other people's jobs lie between ours", () =>
    simulate({ requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
        const delays = yield* measureDelays(simulator, addFleet(simulator, 300, 2))
        assert.isAtMost(at(delays, 0.95), 8_000)
        assert.deepStrictEqual(refused(simulator), [])
      }),
    ),
  )

  it.effect("finds every job on pages that shift while they are read", () =>
    simulate({ requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("shifting-pages", 0.5, { items: 7 })
        simulator.faults.rate("shifting-pages", 0.5, { items: -7 })
        const delays = yield* measureDelays(simulator, addFleet(simulator, 500))
        assert.isAtMost(at(delays, 0.95), 12_000)
        assert.isAtMost(at(delays, 1), 36_000)
      }),
    ),
  )

  it.effect("reads in sequence where a page's token is good for one time only", () => {
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
    return simulate({ fetch: fetchOnce }, (simulator) =>
      Effect.gen(function* () {
        const delays = yield* measureDelays(simulator, addFleet(simulator, 500))
        assert.isAtMost(at(delays, 1), 40_000)
      }),
    )
  })

  it.effect("does not go round in circles where the list gives the same token again", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("repeated-cursor", 1)
        const delays = yield* measureDelays(simulator, addFleet(simulator, 250))
        assert.isAtMost(at(delays, 1), 60_000)
      }),
    ),
  )

  it.effect("polls each job by itself if the list cannot be read", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("server-error", 1, { path: /\/jobs$/ })
        const delays = yield* measureDelays(simulator, addFleet(simulator, 30))
        assert.isAtMost(at(delays, 1), 45_000)
        assert.isAtMost(lists(simulator).length, 12)
      }),
    ),
  )

  it.effect.each([502, 500, 413])("asks for shorter pages if long ones are answered by %d", (status) =>
    simulate({ requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("large-page", 1, { maxRows: 40, status })
        const delays = yield* measureDelays(simulator, addFleet(simulator, 300))
        assert.isAtMost(at(delays, 0.95), 12_000)
        assert.isAtMost(simulator.requests().length, 150)
        assert.isAtMost(simulator.requests().filter((request) => request.status === status).length, 8)
      }),
    ),
  )

  it.effect("believes a listed success without a result only after a poll of its own", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("bare-success", 1)
        const jobIds = addFleet(simulator, 30)
        const jobs = yield* Jobs
        const finished = yield* Effect.forEach(jobIds, (jobId) => jobs.waitFor(jobId), {
          concurrency: "unbounded",
        })
        for (const { assetIds } of finished) assert.deepStrictEqual(assetIds, ["asset_1"])
        assert.isAbove(lists(simulator).length, 0)
      }),
    ),
  )

  it.effect(
    "of bare ids is polled at once, and never walks the same pages again",
    () =>
      simulate({ requestsPerMinute: 10_000 }, (simulator) =>
        Effect.gen(function* () {
          const jobIds = addFleet(simulator, 1_500)
          const jobs = yield* Jobs
          const begun = yield* Clock.currentTimeMillis
          const waiting = yield* Effect.forkChild(
            Effect.forEach(jobIds, (jobId) => jobs.waitFor(jobId, { timeout: "3 minutes" }), {
              concurrency: "unbounded",
            }),
          )
          yield* Effect.sleep("5 seconds")
          const tokens = lists(simulator)
            .filter(({ at }) => at < begun + 5_000)
            .map(({ query }) => query["paginationToken"])
          assert.isAtLeast(new Set(tokens).size, 1_500 / 200)
          assert.isAtMost(tokens.length, 15)
          for (const { assetIds } of yield* Fiber.join(waiting)) assert.deepStrictEqual(assetIds, ["asset_1"])
        }),
      ),
    60_000,
  )

  it.effect("survives an outage of everything without storming the API", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
        simulator.faults.rate("unavailable", 1)
        yield* Effect.forkChild(
          Effect.andThen(
            Effect.sleep("90 seconds"),
            Effect.sync(() => simulator.faults.clear()),
          ),
        )
        const delays = yield* measureDelays(simulator, addFleet(simulator, 100))
        assert.isAtMost(at(delays, 1), 125_000)
        assert.isAtMost(simulator.requests().filter(({ status }) => status === 503).length, 20)
      }),
    ),
  )

  it.effect("leaves the others alone when one wait is interrupted", () =>
    simulate({}, (simulator) =>
      Effect.gen(function* () {
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
      }),
    ),
  )

  it.effect("keeps an old job in sight while newer ones end all the time", () =>
    simulate({ requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
        const old = simulator.addJob({ ageMs: 3_600_000, durationMs: 3_600_000 + 40_000 })
        const fleet = addFleet(simulator, 300)
        const jobs = yield* Jobs
        const begun = yield* Clock.currentTimeMillis
        const waiting = yield* Effect.forkChild(Effect.andThen(jobs.waitFor(old), Clock.currentTimeMillis))
        yield* measureDelays(simulator, fleet)
        assert.isAtMost((yield* Fiber.join(waiting)) - begun, 75_000)
      }),
    ),
  )

  it.effect("ends every wait at its own deadline", () =>
    simulate({ requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
        const jobIds = Array.from({ length: 150 }, () => simulator.addJob({ durationMs: 900_000 }))
        const jobs = yield* Jobs
        const errors = yield* Effect.forEach(
          jobIds,
          (jobId) => Effect.flip(jobs.waitFor(jobId, { timeout: "20 seconds" })),
          { concurrency: "unbounded" },
        )
        for (const error of errors) {
          assert.strictEqual(error._tag, "WaitTimedOut")
          if (error._tag === "WaitTimedOut") assert.isAtMost(error.waitedMs, 21_000)
          if (error._tag === "WaitTimedOut") assert.isAtLeast(error.waitedMs, 20_000)
        }
      }),
    ),
  )
})
