import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Jobs } from "../src/watch/Jobs.ts"
import { expectFailure } from "./support/expectFailure.ts"
import { SettableClock } from "./support/SettableClock.ts"
import { getPolls } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const hour = 3_600_000

describe("a wait", () => {
  it.effect.each([-hour, hour, 24 * hour])(
    "notices the end without delay when the clock is set by %d ms",
    (change) => {
      const clock = new SettableClock()
      return simulate({ machineClock: clock.over }, function* (simulator) {
        const begun = simulator.now()
        const jobId = simulator.addJob({ durationMs: 60_000 })
        const waiting = yield* Effect.forkChild(Jobs.use((jobs) => jobs.waitFor(jobId)))
        yield* Effect.sleep("20 seconds")
        const before = getPolls(simulator).length
        clock.setBy(change)
        yield* Effect.sleep("10 seconds")
        assert.isAtMost(getPolls(simulator).length - before, 10)
        yield* Fiber.join(waiting)
        assert.isAtMost(simulator.now() - begun, 70_000)
      })
    },
  )

  it.effect.each([-hour, hour, 24 * hour])("ends at its timeout when the clock is set by %d ms", (change) => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, function* (simulator) {
      const begun = simulator.now()
      const jobId = simulator.addJob({ durationMs: 10 * hour })
      const waiting = yield* Effect.forkChild(
        expectFailure(
          Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "2 minutes" })),
          "WaitTimedOut",
        ),
      )
      yield* Effect.sleep("1 minute")
      clock.setBy(change)
      yield* Fiber.join(waiting)
      assert.isAtLeast(simulator.now() - begun, 120_000)
      assert.isAtMost(simulator.now() - begun, 121_000)
    })
  })

  it.effect("finds its job finished after the machine has slept past the deadline", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, function* (simulator) {
      const jobId = simulator.addJob({ durationMs: 300_000 })
      const waiting = yield* Effect.forkChild(
        Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "10 minutes" })),
      )
      yield* Effect.sleep("1 minute")
      yield* Effect.promise(() => simulator.advance(hour))
      clock.sleepFor(hour)
      const finished = yield* Fiber.join(waiting)
      assert.strictEqual(finished.snapshot.status, "success")
    })
  })

  it.effect("polls each of 60 jobs before it times out if the machine has slept past the deadline", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over, requestsPerMinute: 100 }, function* (simulator) {
      const jobs = yield* Jobs
      const jobIds = Array.from({ length: 60 }, () =>
        simulator.addJob({ durationMs: 120_000, assetIds: ["asset_1"] }),
      )
      const waiting = yield* Effect.forkChild(
        Effect.forEach(jobIds, (jobId) => jobs.waitFor(jobId, { timeout: "5 minutes" }), {
          concurrency: "unbounded",
        }),
      )
      yield* Effect.sleep("30 seconds")
      yield* Effect.promise(() => simulator.advance(hour / 4))
      clock.sleepFor(hour / 4)
      const woken = simulator.now()
      assert.lengthOf(yield* Fiber.join(waiting), 60)
      assert.isAtMost(simulator.now() - woken, 60_000)
      assert.deepStrictEqual(
        simulator.requests().filter(({ status }) => status === 429),
        [],
      )
    })
  })
})
