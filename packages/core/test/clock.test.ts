import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Jobs } from "../src/watch/Jobs.ts"
import { SettableClock } from "./support/SettableClock.ts"
import { pollsIn } from "./support/requests.ts"
import { simulate } from "./support/simulation.ts"

const hour = 3_600_000

describe("a wait", () => {
  it.effect.each([-hour, hour, 24 * hour])(
    "sees the end as soon as before when the clock is set by %d ms",
    (change) => {
      const clock = new SettableClock()
      return simulate({ machineClock: clock.over }, (simulator) =>
        Effect.gen(function* () {
          const begun = simulator.now()
          const jobId = simulator.addJob({ durationMs: 60_000 })
          const waiting = yield* Effect.forkChild(Jobs.use((jobs) => jobs.waitFor(jobId)))
          yield* Effect.sleep("20 seconds")
          const before = pollsIn(simulator).length
          clock.setBy(change)
          yield* Effect.sleep("10 seconds")
          assert.isAtMost(pollsIn(simulator).length - before, 10)
          yield* Fiber.join(waiting)
          assert.isAtMost(simulator.now() - begun, 70_000)
        }),
      )
    },
  )

  it.effect.each([-hour, hour, 24 * hour])(
    "ends when its time is up, and not before, when the clock is set by %d ms",
    (change) => {
      const clock = new SettableClock()
      return simulate({ machineClock: clock.over }, (simulator) =>
        Effect.gen(function* () {
          const begun = simulator.now()
          const jobId = simulator.addJob({ durationMs: 10 * hour })
          const waiting = yield* Effect.forkChild(
            Effect.flip(Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "2 minutes" }))),
          )
          yield* Effect.sleep("1 minute")
          clock.setBy(change)
          assert.strictEqual((yield* Fiber.join(waiting))._tag, "WaitTimedOut")
          assert.isAtLeast(simulator.now() - begun, 120_000)
          assert.isAtMost(simulator.now() - begun, 121_000)
        }),
      )
    },
  )

  it.effect("finds its job finished when the machine has slept past the deadline", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over }, (simulator) =>
      Effect.gen(function* () {
        const jobId = simulator.addJob({ durationMs: 300_000 })
        const waiting = yield* Effect.forkChild(
          Jobs.use((jobs) => jobs.waitFor(jobId, { timeout: "10 minutes" })),
        )
        yield* Effect.sleep("1 minute")
        yield* Effect.promise(() => simulator.advance(hour))
        clock.sleepFor(hour)
        const finished = yield* Fiber.join(waiting)
        assert.strictEqual(finished.snapshot.status, "success")
      }),
    )
  })

  it.effect("of a fleet that has slept past all deadlines is polled before it may time out", () => {
    const clock = new SettableClock()
    return simulate({ machineClock: clock.over, requestsPerMinute: 100 }, (simulator) =>
      Effect.gen(function* () {
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
      }),
    )
  })
})
